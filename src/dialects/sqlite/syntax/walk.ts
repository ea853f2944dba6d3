import type { Call, Expression, InSet, Select, WindowDefinition } from './query-ast.ts';

/** What to do with the parts of an expression. */
export interface Visitor {
  expression(part: Expression): void;
  select(part: Select): void;
}

/** Visits the direct parts of an expression, in the order they are written in. */
export function visitParts(node: Expression, visitor: Visitor): void {
  const visit = (part: Expression | undefined): void => {
    if (part !== undefined) visitor.expression(part);
  };
  switch (node.type) {
    case 'literal':
    case 'column':
    case 'parameter':
      return;
    case 'unary':
    case 'null-test':
    case 'collate':
    case 'cast':
      return visit(node.operand);
    case 'binary':
      visit(node.left);
      return visit(node.right);
    case 'matching':
      visit(node.left);
      visit(node.right);
      return visit(node.escape);
    case 'between':
      visit(node.operand);
      visit(node.low);
      return visit(node.high);
    case 'in':
      visit(node.operand);
      return visitInSet(node.set, visitor);
    case 'case':
      visit(node.operand);
      for (const { when, then } of node.branches) {
        visit(when);
        visit(then);
      }
      return visit(node.otherwise);
    case 'call':
      return visitCall(node, visitor);
    case 'exists':
    case 'subquery':
      return visitor.select(node.select);
    case 'row':
      return node.items.forEach(visit);
    case 'raise':
      return visit(node.message);
  }
}

function visitInSet(set: InSet, visitor: Visitor): void {
  if (set.type === 'select') visitor.select(set.select);
  else if (set.type === 'list') set.items.forEach((item) => visitor.expression(item));
  else if (set.type === 'function') set.args.forEach((arg) => visitor.expression(arg));
}

function visitCall(node: Call, visitor: Visitor): void {
  if (node.args !== '*') node.args.forEach((arg) => visitor.expression(arg));
  for (const term of node.orderBy) visitor.expression(term.expression);
  if (node.withinGroup !== undefined) visitor.expression(node.withinGroup.expression);
  if (node.filter !== undefined) visitor.expression(node.filter);
  if (node.over !== undefined && 'type' in node.over) visitWindow(node.over, visitor);
}

/** Visits the expressions of a window. */
export function visitWindow(window: WindowDefinition, visitor: Visitor): void {
  window.partitionBy.forEach((term) => visitor.expression(term));
  for (const term of window.orderBy) visitor.expression(term.expression);
  if (window.frame === undefined) return;
  for (const bound of [window.frame.from, window.frame.to]) {
    if ('offset' in bound) visitor.expression(bound.offset);
  }
}
