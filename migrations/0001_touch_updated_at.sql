-- Drizzle has no word for triggers, so this migration is written by hand.
CREATE TRIGGER `orders_touch` AFTER UPDATE OF `status`, `coupon` ON `orders`
BEGIN
	UPDATE `orders` SET `updated_at` = unixepoch() WHERE `id` = NEW.`id`;
END;
--> statement-breakpoint
CREATE TRIGGER `products_touch` AFTER UPDATE OF `price`, `stock` ON `products`
BEGIN
	UPDATE `products` SET `updated_at` = unixepoch() WHERE `sku` = NEW.`sku`;
END;
