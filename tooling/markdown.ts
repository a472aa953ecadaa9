/** A fenced block of code. `line`: where its fence opens, from 1. `info`: what stands behind the fence. */
export type CodeBlock = { readonly line: number; readonly info: string; readonly text: string };

/** A link or picture that leads to `target`. */
export type Link = { readonly line: number; readonly target: string };

type Line = { readonly number: number; readonly text: string };
type Parsed = { readonly blocks: readonly CodeBlock[]; readonly prose: readonly Line[] };

function parse(markdown: string): Parsed {
  const blocks: CodeBlock[] = [];
  const prose: Line[] = [];
  let open: { readonly fence: string; readonly line: number; readonly info: string; readonly lines: string[] } | undefined;
  for (const [index, text] of markdown.split('\n').entries()) {
    const fence = /^\s*(`{3,}|~{3,})\s*(.*)$/.exec(text);
    if (open !== undefined) {
      if (fence?.[1]?.startsWith(open.fence) === true && fence[2] === '') {
        blocks.push({ line: open.line, info: open.info, text: `${open.lines.join('\n')}\n` });
        open = undefined;
      } else {
        open.lines.push(text);
      }
    } else if (fence === null) {
      prose.push({ number: index + 1, text });
    } else {
      open = { fence: fence[1] ?? '', line: index + 1, info: (fence[2] ?? '').trim(), lines: [] };
    }
  }
  if (open !== undefined) throw new Error(`the code block that opens in line ${open.line} does not end`);
  return { blocks, prose };
}

/** The fenced blocks of code of a page. */
export function codeBlocks(markdown: string): readonly CodeBlock[] {
  return parse(markdown).blocks;
}

/** The links of a page, those in code left out. */
export function links(markdown: string): Link[] {
  return parse(markdown).prose.flatMap(({ number, text }) => {
    const withoutCode = text.replaceAll(/`[^`]*`/g, '');
    const inline = [...withoutCode.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g)];
    const definitions = [...withoutCode.matchAll(/^\s*\[[^\]]+\]:\s*<?(\S+?)>?\s*$/g)];
    return [...inline, ...definitions].map((match) => ({ line: number, target: match[1] ?? '' }));
  });
}

/** The anchors that the headings of a page have, made the way code hosts make them. */
export function anchors(markdown: string): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { text } of parse(markdown).prose) {
    const heading = /^#{1,6}\s+(.+?)\s*#*$/.exec(text)?.[1];
    if (heading === undefined) continue;
    const plain = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const slug = plain.replaceAll(/[^\p{L}\p{N}\p{M}\s_-]/gu, '').replaceAll(/\s/g, '-');
    let anchor = slug;
    for (let count = 1; found.has(anchor); count += 1) anchor = `${slug}-${count}`;
    found.add(anchor);
  }
  return found;
}
