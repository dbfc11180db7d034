import xterm from '@xterm/headless';

/** A terminal that nobody looks at: what programs write becomes a screen that tests read. */
export type Screen = {
  write(text: string): Promise<void>;
  resize(columns: number, rows: number): void;
  /** What scrolled away and what is on the screen, without the empty lines at the end. */
  lines(): string[];
  /** The line, counted as in `lines`, that the cursor is in. */
  cursorLine(): number;
};

export function openScreen(columns: number, rows: number): Screen {
  // A terminal's driver makes CR LF of LF (termios, ONLCR).
  const terminal = new xterm.Terminal({
    cols: columns,
    rows,
    allowProposedApi: true,
    convertEol: true,
    scrollback: 5000,
  });
  return {
    write: (text) => new Promise((resolve) => terminal.write(text, resolve)),
    resize: (newColumns, newRows) => terminal.resize(newColumns, newRows),
    lines: () => {
      const { active } = terminal.buffer;
      const all = Array.from(
        { length: active.length },
        (_, y) => active.getLine(y)?.translateToString(true) ?? '',
      );
      return all.join('\n').trimEnd().split('\n');
    },
    cursorLine: () => terminal.buffer.active.baseY + terminal.buffer.active.cursorY,
  };
}
