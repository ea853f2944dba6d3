import { sql } from 'drizzle-orm';
import { integer } from 'drizzle-orm/sqlite-core';

/** When a row was made and last changed, in seconds since 1970. */
export const timestamps = {
  createdAt: integer('created_at', { mode: 'timestamp' })
    .notNull()
    .default(sql`(unixepoch())`),
  updatedAt: integer('updated_at', { mode: 'timestamp' }),
};
