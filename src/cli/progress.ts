// A line of progress on stderr, only where a person watches, and never in the first half second.

export interface Progress {
  readonly update: (done: number, all: number) => void;
  readonly clear: () => void;
}

/** Writes to a terminal; elsewhere it does nothing. */
export function showProgress(stream: NodeJS.WriteStream, isQuiet: boolean): Progress {
  const isShown = stream.isTTY === true && !isQuiet && process.env['CI'] === undefined;
  const started = Date.now();
  let isDirty = false;
  return {
    update: (done, all) => {
      if (!isShown || Date.now() - started < 500) return;
      isDirty = true;
      stream.write(`\r\u001b[K${done < all ? `parsing ${done} of ${all} files` : 'following the data'} …`);
    },
    clear: () => {
      if (isDirty) stream.write('\r\u001b[K');
      isDirty = false;
    },
  };
}
