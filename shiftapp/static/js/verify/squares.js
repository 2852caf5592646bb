// People as squares, each mark a shape: filled with a tick (on time), half (offline), a dot (late),
// hollow (none). The drawing is a few rectangles filled with patterns, however many people.

const NS = 'http://www.w3.org/2000/svg';
const PITCH = 19;
const GAP = 3; // no part of the next square shows
const COLUMNS = [[110, 22], [880, 44], [Infinity, 88]]; // up to so many people: squares in a row
const SHAPES = {
  on: [['rect', 'v-full', { x: 1, y: 1, width: 14, height: 14 }],
    ['path', 'v-in', { d: 'M4 8.5l3 3 5-6.5' }]],
  off: [['rect', 'v-sq', { x: 1, y: 1, width: 14, height: 14 }],
    ['path', 'v-full', { d: 'M1 15V1l14 14z' }]],
  late: [['rect', 'v-sq', { x: 1, y: 1, width: 14, height: 14 }],
    ['circle', 'v-full', { cx: 8, cy: 8, r: 3 }]],
  none: [['rect', 'v-sq', { x: 1, y: 1, width: 14, height: 14 }]],
};

export const MARKS = Object.keys(SHAPES);

/** Fill an SVG with one square of a mark. */
export const drawSquare = (svg, mark) => svg.replaceChildren(...shapes(mark));

/** Fill an SVG with all people of a part; `id` tells its patterns from those of others. */
export function drawPeople(svg, counts, id) {
  const [, columns] = COLUMNS.find(([most]) => counts.n <= most);
  const rows = Math.ceil(counts.n / columns);
  svg.setAttribute('viewBox', `0 0 ${columns * PITCH} ${Math.max(rows, 1) * PITCH}`);
  const defs = make('defs', {});
  defs.append(...MARKS.map((mark) => pattern(mark, id)));
  const rects = [];
  let start = 0;
  for (const mark of MARKS) {
    rects.push(...run(start, start + counts[mark], columns, `url(#v-${id}-${mark})`));
    start += counts[mark];
  }
  svg.replaceChildren(defs, ...rects);
}

/** Squares start ≤ i < end: the rest of a row, whole rows, the beginning of one (web/squares.py). */
function run(start, end, columns, fill) {
  const found = [];
  while (start < end) {
    const [row, column] = [Math.floor(start / columns), start % columns];
    const whole = column === 0 ? Math.floor((end - start) / columns) : 0;
    const count = whole ? whole * columns : Math.min(end - start, columns - column);
    const width = whole ? columns : count;
    found.push(make('rect', {
      x: column * PITCH,
      y: row * PITCH,
      width: width * PITCH - GAP,
      height: Math.max(whole, 1) * PITCH - GAP,
      fill,
    }));
    start += count;
  }
  return found;
}

function pattern(mark, id) {
  const made = make('pattern', {
    id: `v-${id}-${mark}`, width: PITCH, height: PITCH, patternUnits: 'userSpaceOnUse',
  });
  made.append(...shapes(mark));
  return made;
}

const shapes = (mark) => SHAPES[mark].map(([tag, name, at]) => make(tag, { class: name, ...at }));

function make(tag, attributes) {
  const made = document.createElementNS(NS, tag);
  Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
  return made;
}
