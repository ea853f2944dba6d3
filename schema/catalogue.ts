import { desc, sql, type SQL } from 'drizzle-orm';
import {
  check,
  foreignKey,
  index,
  integer,
  primaryKey,
  real,
  sqliteTable,
  text,
  unique,
} from 'drizzle-orm/sqlite-core';
import { users } from './accounts';
import { timestamps } from './timestamps';

export const categories = sqliteTable(
  'categories',
  {
    id: integer('id').primaryKey(),
    parentId: integer('parent_id'),
    name: text('name').notNull(),
    slug: text('slug').notNull().unique(),
  },
  (table) => [foreignKey({ columns: [table.parentId], foreignColumns: [table.id] }).onDelete('set null')],
);

export const products = sqliteTable(
  'products',
  {
    sku: text('sku').primaryKey(),
    name: text('name').notNull(),
    description: text('description').notNull().default(''),
    /** Net price in cents. */
    price: integer('price').notNull(),
    taxRate: real('tax_rate').notNull().default(0.19),
    grossPrice: integer('gross_price').generatedAlwaysAs(
      (): SQL => sql`cast(round(${products.price} * (1 + ${products.taxRate})) as integer)`,
      { mode: 'virtual' },
    ),
    searchText: text('search_text').generatedAlwaysAs(
      (): SQL => sql`lower(${products.name} || ' ' || ${products.description})`,
      { mode: 'stored' },
    ),
    attributes: text('attributes', { mode: 'json' })
      .notNull()
      .default(sql`'{}'`),
    stock: integer('stock').notNull().default(0),
    discontinuedAt: integer('discontinued_at', { mode: 'timestamp' }),
    ...timestamps,
  },
  (table) => [
    index('products_in_stock')
      .on(table.name)
      .where(sql`${table.stock} > 0 and ${table.discontinuedAt} is null`),
    index('products_price').on(desc(table.price)),
    check('products_price_positive', sql`${table.price} > 0`),
    check('products_stock_not_negative', sql`${table.stock} >= 0`),
  ],
);

export const productCategories = sqliteTable(
  'product_categories',
  {
    sku: text('sku')
      .notNull()
      .references(() => products.sku, { onDelete: 'cascade', onUpdate: 'cascade' }),
    categoryId: integer('category_id')
      .notNull()
      .references(() => categories.id, { onDelete: 'cascade' }),
    position: integer('position').notNull().default(0),
  },
  (table) => [primaryKey({ columns: [table.sku, table.categoryId] })],
);

export const reviews = sqliteTable(
  'reviews',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    sku: text('sku')
      .notNull()
      .references(() => products.sku, { onDelete: 'cascade', onUpdate: 'cascade' }),
    userId: integer('user_id').references(() => users.id, { onDelete: 'set null' }),
    stars: integer('stars').notNull(),
    body: text('body'),
    /** How many readers found it helpful. */
    helpful: integer('helpful').notNull().default(0),
    ...timestamps,
  },
  (table) => [
    unique('one_review_per_user').on(table.sku, table.userId),
    index('reviews_helpful').on(table.sku, desc(table.helpful)),
    check('reviews_stars', sql`${table.stars} between 1 and 5`),
  ],
);
