import { describe, expect, it } from '@jest/globals';
import { openReadModels } from '#read-model/data-source.js';
describe('x', () => {
  it('y', async () => {
    const d = await openReadModels('postgres://postgres@127.0.0.1:55433/postgres');
    const sql = await d.driver.createSchemaBuilder().log();
    console.log(sql.upQueries.map((q) => q.query));
    expect(sql.upQueries).toEqual([]);
    await d.query('drop schema read cascade');
    await d.destroy();
  });
});
