ALTER TABLE `reviews` ADD `helpful` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `reviews_helpful` ON `reviews` (`sku`,"helpful" desc);