import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'sqlite',
  schema: './schema/*.ts',
  out: './migrations',
  dbCredentials: { url: process.env['SHOP_DATABASE'] ?? 'shop.db' },
});
