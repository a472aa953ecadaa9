// Goal: the reader of markdown pages that the other tests rely on finds what is there. Method: small pages, written out.

import { describe, expect, test } from 'vitest';
import { anchors, codeBlocks, links } from '../markdown.ts';

describe('code blocks', () => {
  test('come with their line, their info and their text', () => {
    expect(codeBlocks('a\n```ts runnable\nlet a = 1;\n\nlet b = 2;\n```\nb')).toEqual([
      { line: 2, info: 'ts runnable', text: 'let a = 1;\n\nlet b = 2;\n' },
    ]);
  });

  test('may hold shorter fences', () => {
    expect(codeBlocks('````md\n```ts\n```\n````')).toEqual([{ line: 1, info: 'md', text: '```ts\n```\n' }]);
  });

  test('have to end', () => {
    expect(() => codeBlocks('text\n```ts\nlet a = 1;')).toThrow('line 2');
  });
});

describe('links', () => {
  test.each([
    ['[a](b.md)', ['b.md']],
    ['![a](b.png "title") and [c](<d.md>)', ['b.png', 'd.md']],
    ['[a]: ../b.md', ['../b.md']],
    ['`[a](b.md)`', []],
    ['```\n[a](b.md)\n```', []],
  ])('of %j lead to %j', (markdown, targets) => {
    expect(links(markdown).map(({ target }) => target)).toEqual(targets);
  });
});

test('anchors are made from headings, and numbered when they repeat', () => {
  expect([...anchors('# Two words\n## `npm test`: what?\n## Two words\n```\n# not a heading\n```')]).toEqual([
    'two-words',
    'npm-test-what',
    'two-words-1',
  ]);
});
