/** Which columns the `casing` of the Drizzle config applies to. */
import { describe, expect, it } from 'vitest';
import { nameColumn } from '../../src/dialects/drizzle/casing.ts';
import type { DrizzleColumn } from '../../src/dialects/drizzle/entities.ts';
import { loadDrizzle } from './versions.ts';

describe('casing', () => {
  it.each([
    ['0.45', 'user_id'],
    ['1.0', 'userId'],
  ] as const)(
    'is applied to a name left out, where drizzle-orm has not settled it: %s',
    async (version, name) => {
      const { orm, pg } = await loadDrizzle(version);
      const table = pg.pgTable('t', { userId: pg.integer(), other: pg.integer('otherName') });
      const { userId, other } = orm.getTableColumns(table) as Record<'userId' | 'other', DrizzleColumn>;
      expect(nameColumn(userId, 'snake_case')).toBe(name);
      expect(nameColumn(other, 'snake_case')).toBe('otherName');
    },
  );

  it('is applied in the first betas of 1.0 too', () => {
    // As beta.9 makes them: its tables leave names to the config, though all else is as in 1.0.
    const column = { name: 'userId', keyAsName: true, isAlias: false };
    expect(nameColumn(column as Partial<DrizzleColumn> & typeof column, 'snake_case')).toBe('user_id');
  });
});
