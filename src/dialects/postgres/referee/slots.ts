/** The places of catalogue objects that hold SQL, which only a server can compare. */
import type { CatalogObject, Column, Expression } from '../../../catalog/objects.ts';
import type { TableText } from './carriers.ts';

/** One text of an object and how a server is asked about it. */
export interface Slot {
  /** Field of the object, as reports call it. */
  readonly field: string;
  /** What is compared before anybody is asked. */
  readonly canonical: string;
  readonly text: string;
  readonly carrier: TableText | { readonly carrier: 'view'; readonly text: string } | TypeText;
}

export interface TypeText {
  readonly carrier: 'type';
  readonly type: string;
}

/** Every text that an object holds. */
export function readSlots(object: CatalogObject): readonly Slot[] {
  switch (object.kind) {
    case 'column':
      return readColumnSlots(object);
    case 'check':
      return [conditionSlot('expression', object.expression)];
    case 'exclusion':
      return [slotOf('definition', object.definition, 'exclusion')];
    case 'index': {
      const parts: Slot = {
        field: 'parts',
        canonical: JSON.stringify(
          object.parts.map((part) => [part, 'column' in part.on || part.on.expression.canonical]),
        ),
        text: object.parts
          .map((part) => ('column' in part.on ? part.on.column : part.on.expression.text))
          .join(', '),
        carrier: { carrier: 'index', index: object },
      };
      // Plain columns in the usual order: there is nothing that a server would have to say.
      const isPlain = object.parts.every(
        (part) => 'column' in part.on && part.opclass === null && part.collation === null,
      );
      return [
        ...(isPlain ? [{ ...parts, text: '' }] : [parts]),
        ...(object.where === null ? [] : [conditionSlot('where', object.where)]),
      ];
    }
    case 'policy':
      return [
        ...(object.using === null ? [] : [slotOf('using', object.using, 'policy')]),
        ...(object.withCheck === null ? [] : [slotOf('withCheck', object.withCheck, 'policy')]),
      ];
    case 'view':
    case 'materializedView':
      return [
        {
          field: 'definition',
          canonical: object.definition.canonical,
          text: object.definition.text,
          carrier: { carrier: 'view', text: object.definition.text },
        },
      ];
    default:
      return [];
  }
}

function readColumnSlots(column: Column): readonly Slot[] {
  const { value, type } = column;
  const slots: Slot[] = [{ field: 'type', canonical: type, text: type, carrier: { carrier: 'type', type } }];
  if (value.kind === 'default') {
    const { text, canonical } = value.expression;
    slots.push({
      field: 'default',
      canonical,
      text,
      carrier: { carrier: 'default', column: column.address.name, type, text },
    });
  }
  if (value.kind === 'generated') {
    const { text, canonical } = value.expression;
    slots.push({ field: 'generated', canonical, text, carrier: { carrier: 'generated', type, text } });
  }
  return slots;
}

function conditionSlot(field: string, expression: Expression): Slot {
  return slotOf(field, expression, 'condition');
}

function slotOf(
  field: string,
  { text, canonical }: Expression,
  carrier: 'condition' | 'policy' | 'exclusion',
): Slot {
  return { field, canonical, text, carrier: { carrier, text } };
}

/** The expected object with the field that the server found equal taken from the database's. */
export function takeSlot<O extends CatalogObject>(expected: O, database: CatalogObject, field: string): O {
  if (expected.kind === 'column' && database.kind === 'column') {
    if (field === 'type') return { ...expected, type: database.type };
    return { ...expected, value: takeValue(expected.value, database.value) };
  }
  const source = database as unknown as Readonly<Record<string, unknown>>;
  const target = expected as unknown as Readonly<Record<string, unknown>>;
  if (field === 'parts') return { ...expected, parts: source['parts'] };
  const { text } = target[field] as Expression;
  const { canonical } = source[field] as Expression;
  return { ...expected, [field]: { text, canonical } };
}

function takeValue(expected: Column['value'], database: Column['value']): Column['value'] {
  const bothDefault = expected.kind === 'default' && database.kind === 'default';
  const bothGenerated = expected.kind === 'generated' && database.kind === 'generated';
  if (!bothDefault && !bothGenerated) return expected;
  const { text } = expected.expression;
  return { ...expected, expression: { text, canonical: database.expression.canonical } };
}
