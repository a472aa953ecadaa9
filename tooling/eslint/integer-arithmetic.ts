import type { Rule } from 'eslint';
import ts from 'typescript';

type BinaryExpression = Parameters<NonNullable<Rule.NodeListener['BinaryExpression']>>[0];
type Expression = BinaryExpression['left'] | BinaryExpression['right'];

/** The part of typescript-eslint's parser services that the rule uses. */
type TypeServices = { readonly getTypeAtLocation: (node: Expression) => ts.Type };

const ROUNDING = new Set(['floor', 'ceil', 'trunc']);

function isBigint(type: ts.Type): boolean {
  return type.isUnion() ? type.types.every(isBigint) : (type.flags & ts.TypeFlags.BigIntLike) !== 0;
}

function isRounded(node: Rule.Node): boolean {
  const parent = node.parent;
  return (
    parent?.type === 'CallExpression' &&
    parent.arguments.length === 1 &&
    parent.arguments[0] === node &&
    parent.callee.type === 'MemberExpression' &&
    !parent.callee.computed &&
    parent.callee.object.type === 'Identifier' &&
    parent.callee.object.name === 'Math' &&
    parent.callee.property.type === 'Identifier' &&
    ROUNDING.has(parent.callee.property.name)
  );
}

function isNumberLiteral(node: Expression): boolean {
  return node.type === 'Literal' && typeof node.value === 'number';
}

/**
 * Keeps arithmetic in the integers.
 *
 * Allows `/` between bigints and directly inside `Math.floor`, `Math.ceil` or `Math.trunc`, and `**` between bigints or two literals.
 * Reports every number literal that is not a safe integer.
 */
export const integerArithmetic: Rule.RuleModule = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      division: 'A division of numbers makes fractions: divide bigints, or round at once with Math.floor, Math.ceil or Math.trunc.',
      power: 'A power of numbers leaves the integers: raise bigints, or write a literal.',
      literal: 'A number literal has to be a safe integer.',
    },
  },
  create(context) {
    const { getTypeAtLocation } = context.sourceCode.parserServices as TypeServices;
    const isBetweenBigints = (left: BinaryExpression['left']): boolean => isBigint(getTypeAtLocation(left));
    return {
      BinaryExpression(node) {
        if (node.operator === '/' && !isBetweenBigints(node.left) && !isRounded(node)) context.report({ node, messageId: 'division' });
        if (node.operator === '**' && !isBetweenBigints(node.left) && !(isNumberLiteral(node.left) && isNumberLiteral(node.right))) {
          context.report({ node, messageId: 'power' });
        }
      },
      AssignmentExpression(node) {
        if (node.operator !== '/=' && node.operator !== '**=') return;
        if (node.left.type === 'ObjectPattern' || node.left.type === 'ArrayPattern' || isBetweenBigints(node.left as Expression)) return;
        context.report({ node, messageId: node.operator === '/=' ? 'division' : 'power' });
      },
      Literal(node) {
        if (typeof node.value !== 'number' || node.raw === undefined) return;
        if (!Number.isSafeInteger(node.value) || (/[.e]/i.test(node.raw) && !/^0x/i.test(node.raw)))
          context.report({ node, messageId: 'literal' });
      },
    };
  },
};
