// The published JSON Schema of rule files is printed from the decoder: `npx vitest run test/read -u` writes it anew.

import path from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { ruleFileSchema } from '../../src/read/rule-schema.ts';

it('is the schema that the decoder uses', async () => {
  const schema = z.toJSONSchema(ruleFileSchema, { io: 'input', unrepresentable: 'any' });
  const file = path.resolve(import.meta.dirname, '../../schemas/rules.schema.json');
  await expect(`${JSON.stringify(schema, undefined, 2)}\n`).toMatchFileSnapshot(file);
});
