import { desc, eq, sql, type SQL } from 'drizzle-orm';
import {
  check,
  foreignKey,
  index,
  integer,
  numeric,
  primaryKey,
  sqliteTable,
  sqliteView,
  text,
  uniqueIndex,
} from 'drizzle-orm/sqlite-core';
import { addresses, users } from './accounts';
import { products } from './catalogue';
import { timestamps } from './timestamps';

export const coupons = sqliteTable(
  'coupons',
  {
    code: text('code').primaryKey(),
    percent: numeric('percent').notNull(),
    validUntil: text('valid_until')
      .notNull()
      .default(sql`(date('now', '+30 days'))`),
  },
  (table) => [check('coupons_percent', sql`${table.percent} > 0 and ${table.percent} <= 100`)],
);

export const orders = sqliteTable(
  'orders',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    userId: integer('user_id')
      .notNull()
      .references(() => users.id),
    shippingAddressId: integer('shipping_address_id').references(() => addresses.id, {
      onDelete: 'set null',
    }),
    coupon: text('coupon').references(() => coupons.code),
    status: text('status', { enum: ['cart', 'placed', 'paid', 'shipped', 'cancelled'] })
      .notNull()
      .default('cart'),
    placedAt: integer('placed_at', { mode: 'timestamp' }),
    ...timestamps,
  },
  (table) => [
    uniqueIndex('one_cart_per_user')
      .on(table.userId)
      .where(sql`${table.status} = 'cart'`),
    index('orders_by_user').on(table.userId, desc(table.placedAt)),
    check('orders_placed', sql`(${table.status} in ('cart', 'cancelled')) or ${table.placedAt} is not null`),
  ],
);

export const orderLines = sqliteTable(
  'order_lines',
  {
    orderId: integer('order_id')
      .notNull()
      .references(() => orders.id, { onDelete: 'cascade' }),
    line: integer('line').notNull(),
    sku: text('sku')
      .notNull()
      .references(() => products.sku, { onUpdate: 'cascade' }),
    quantity: integer('quantity').notNull().default(1),
    unitPrice: integer('unit_price').notNull(),
    total: integer('total').generatedAlwaysAs(
      (): SQL => sql`${orderLines.quantity} * ${orderLines.unitPrice}`,
      { mode: 'virtual' },
    ),
  },
  (table) => [
    primaryKey({ columns: [table.orderId, table.line] }),
    check('order_lines_quantity', sql`${table.quantity} > 0`),
  ],
);

export const shipments = sqliteTable(
  'shipments',
  {
    id: integer('id').primaryKey(),
    orderId: integer('order_id').notNull(),
    line: integer('line').notNull(),
    carrier: text('carrier').notNull(),
    trackingCode: text('tracking_code').unique(),
    shippedAt: integer('shipped_at', { mode: 'timestamp' }).notNull(),
  },
  (table) => [
    foreignKey({
      columns: [table.orderId, table.line],
      foreignColumns: [orderLines.orderId, orderLines.line],
    }).onDelete('cascade'),
  ],
);

export const payments = sqliteTable(
  'payments',
  {
    id: text('id').primaryKey(),
    orderId: integer('order_id')
      .notNull()
      .references(() => orders.id),
    amount: integer('amount').notNull(),
    currency: text('currency', { length: 3 }).notNull().default('EUR'),
    receivedAt: text('received_at')
      .notNull()
      .default(sql`CURRENT_TIMESTAMP`),
  },
  (table) => [
    index('payments_by_order').on(table.orderId),
    check('payments_amount', sql`${table.amount} <> 0`),
  ],
);

/** What each order comes to, and what has been paid of it; in cents. */
export const orderTotals = sqliteView('order_totals').as((query) =>
  query
    .select({
      orderId: orders.id,
      status: orders.status,
      total: sql<number>`coalesce(sum(${orderLines.total}), 0)`.as('total'),
    })
    .from(orders)
    .leftJoin(orderLines, eq(orderLines.orderId, orders.id))
    .groupBy(orders.id, orders.status),
);
