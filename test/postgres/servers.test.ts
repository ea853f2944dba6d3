import { expect, test } from 'vitest';
import { createDatabase, postgresMajors } from '../support/postgres-servers.ts';

test.each(postgresMajors)('a server of major %i is started and gives out databases', async (major) => {
  const database = await createDatabase(major);
  try {
    const { rows } = await database.client.query<{ version: string }>(
      "select current_setting('server_version_num') as version",
    );
    expect(Math.floor(Number(rows[0]?.version) / 10000)).toBe(major);
  } finally {
    await database.drop();
  }
});
