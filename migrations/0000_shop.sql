CREATE TABLE `addresses` (
	`id` integer PRIMARY KEY NOT NULL,
	`user_id` integer NOT NULL,
	`street` text NOT NULL,
	`city` text NOT NULL,
	`postcode` text NOT NULL,
	`country` text(2) DEFAULT 'DE' NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "addresses_country" CHECK(length("addresses"."country") = 2)
);
--> statement-breakpoint
CREATE INDEX `addresses_user` ON `addresses` (`user_id`);--> statement-breakpoint
CREATE TABLE `favourites` (
	`user_id` integer NOT NULL,
	`product_sku` text NOT NULL,
	`note` text,
	PRIMARY KEY(`user_id`, `product_sku`),
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `sessions` (
	`token` text PRIMARY KEY NOT NULL,
	`user_id` integer NOT NULL,
	`expires_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `users` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`email` text NOT NULL,
	`name` text NOT NULL,
	`role` text DEFAULT 'customer' NOT NULL,
	`active` integer DEFAULT true NOT NULL,
	`created_at` integer DEFAULT (unixepoch()) NOT NULL,
	`updated_at` integer,
	CONSTRAINT "users_role" CHECK("users"."role" in ('customer', 'staff', 'admin'))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `users_email_lower` ON `users` (lower("email"));--> statement-breakpoint
CREATE INDEX `users_active` ON `users` (`name`) WHERE "users"."active" = 1;--> statement-breakpoint
CREATE TABLE `categories` (
	`id` integer PRIMARY KEY NOT NULL,
	`parent_id` integer,
	`name` text NOT NULL,
	`slug` text NOT NULL,
	FOREIGN KEY (`parent_id`) REFERENCES `categories`(`id`) ON UPDATE no action ON DELETE set null
);
--> statement-breakpoint
CREATE UNIQUE INDEX `categories_slug_unique` ON `categories` (`slug`);--> statement-breakpoint
CREATE TABLE `product_categories` (
	`sku` text NOT NULL,
	`category_id` integer NOT NULL,
	`position` integer DEFAULT 0 NOT NULL,
	PRIMARY KEY(`sku`, `category_id`),
	FOREIGN KEY (`sku`) REFERENCES `products`(`sku`) ON UPDATE cascade ON DELETE cascade,
	FOREIGN KEY (`category_id`) REFERENCES `categories`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `products` (
	`sku` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`description` text DEFAULT '' NOT NULL,
	`price` integer NOT NULL,
	`tax_rate` real DEFAULT 0.19 NOT NULL,
	`gross_price` integer GENERATED ALWAYS AS (cast(round("price" * (1 + "tax_rate")) as integer)) VIRTUAL,
	`search_text` text GENERATED ALWAYS AS (lower("name" || ' ' || "description")) STORED,
	`attributes` text DEFAULT '{}' NOT NULL,
	`stock` integer DEFAULT 0 NOT NULL,
	`discontinued_at` integer,
	`created_at` integer DEFAULT (unixepoch()) NOT NULL,
	`updated_at` integer,
	CONSTRAINT "products_price_positive" CHECK("products"."price" > 0),
	CONSTRAINT "products_stock_not_negative" CHECK("products"."stock" >= 0)
);
--> statement-breakpoint
CREATE INDEX `products_in_stock` ON `products` (`name`) WHERE "products"."stock" > 0 and "products"."discontinued_at" is null;--> statement-breakpoint
CREATE INDEX `products_price` ON `products` ("price" desc);--> statement-breakpoint
CREATE TABLE `reviews` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`sku` text NOT NULL,
	`user_id` integer,
	`stars` integer NOT NULL,
	`body` text,
	`created_at` integer DEFAULT (unixepoch()) NOT NULL,
	`updated_at` integer,
	FOREIGN KEY (`sku`) REFERENCES `products`(`sku`) ON UPDATE cascade ON DELETE cascade,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE set null,
	CONSTRAINT "reviews_stars" CHECK("reviews"."stars" between 1 and 5)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `one_review_per_user` ON `reviews` (`sku`,`user_id`);--> statement-breakpoint
CREATE TABLE `coupons` (
	`code` text PRIMARY KEY NOT NULL,
	`percent` numeric NOT NULL,
	`valid_until` text DEFAULT (date('now', '+30 days')) NOT NULL,
	CONSTRAINT "coupons_percent" CHECK("coupons"."percent" > 0 and "coupons"."percent" <= 100)
);
--> statement-breakpoint
CREATE TABLE `order_lines` (
	`order_id` integer NOT NULL,
	`line` integer NOT NULL,
	`sku` text NOT NULL,
	`quantity` integer DEFAULT 1 NOT NULL,
	`unit_price` integer NOT NULL,
	`total` integer GENERATED ALWAYS AS ("quantity" * "unit_price") VIRTUAL,
	PRIMARY KEY(`order_id`, `line`),
	FOREIGN KEY (`order_id`) REFERENCES `orders`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`sku`) REFERENCES `products`(`sku`) ON UPDATE cascade ON DELETE no action,
	CONSTRAINT "order_lines_quantity" CHECK("order_lines"."quantity" > 0)
);
--> statement-breakpoint
CREATE TABLE `orders` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`user_id` integer NOT NULL,
	`shipping_address_id` integer,
	`coupon` text,
	`status` text DEFAULT 'cart' NOT NULL,
	`placed_at` integer,
	`created_at` integer DEFAULT (unixepoch()) NOT NULL,
	`updated_at` integer,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`shipping_address_id`) REFERENCES `addresses`(`id`) ON UPDATE no action ON DELETE set null,
	FOREIGN KEY (`coupon`) REFERENCES `coupons`(`code`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "orders_placed" CHECK(("orders"."status" in ('cart', 'cancelled')) or "orders"."placed_at" is not null)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `one_cart_per_user` ON `orders` (`user_id`) WHERE "orders"."status" = 'cart';--> statement-breakpoint
CREATE INDEX `orders_by_user` ON `orders` (`user_id`,"placed_at" desc);--> statement-breakpoint
CREATE TABLE `payments` (
	`id` text PRIMARY KEY NOT NULL,
	`order_id` integer NOT NULL,
	`amount` integer NOT NULL,
	`currency` text(3) DEFAULT 'EUR' NOT NULL,
	`received_at` text DEFAULT CURRENT_TIMESTAMP NOT NULL,
	FOREIGN KEY (`order_id`) REFERENCES `orders`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "payments_amount" CHECK("payments"."amount" <> 0)
);
--> statement-breakpoint
CREATE INDEX `payments_by_order` ON `payments` (`order_id`);--> statement-breakpoint
CREATE TABLE `shipments` (
	`id` integer PRIMARY KEY NOT NULL,
	`order_id` integer NOT NULL,
	`line` integer NOT NULL,
	`carrier` text NOT NULL,
	`tracking_code` text,
	`shipped_at` integer NOT NULL,
	FOREIGN KEY (`order_id`,`line`) REFERENCES `order_lines`(`order_id`,`line`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `shipments_tracking_code_unique` ON `shipments` (`tracking_code`);--> statement-breakpoint
CREATE VIEW `order_totals` AS select "orders"."id", "orders"."status", coalesce(sum("order_lines"."total"), 0) as "total" from "orders" left join "order_lines" on "order_lines"."order_id" = "orders"."id" group by "orders"."id", "orders"."status";