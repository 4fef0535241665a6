"""What runs in a window while a long list is measured: no figure has Playwright's own delays in it."""

from typing import Final

WATCH: Final = """
window.listing = (([frame, row]) => {
  const shown = () => document.querySelector(frame);
  const rows = () => document.querySelectorAll(row);
  const listing = { most: 0, painted: null };
  let begun = 0, first = null, pressed = null, stamps = [], tasks = 0, bare = 0, running = false;

  new PerformanceObserver((list) => {
    if (running) tasks += list.getEntries().length;
  }).observe({ type: "longtask" });

  // The frame after the one that first has a row: the first has then been painted.
  const wait = () => requestAnimationFrame(() => {
    if (rows().length === 0) wait();
    else requestAnimationFrame(() => { first = performance.now(); });
  });
  wait();

  listing.told = async () => {
    while (first === null) await new Promise(requestAnimationFrame);
    const answer = performance.getEntriesByType("resource").findLast(({ name }) => /publicacao/.test(name));
    return { first: first - answer.responseEnd, elements: document.querySelectorAll("*").length };
  };

  const isBare = () => {
    const box = shown().getBoundingClientRect();
    const at = (y) => document.elementFromPoint(box.left + 60, y)?.closest(row) === null;
    return at(box.top + box.height / 2) || at(Math.min(box.bottom, innerHeight) - 30);
  };

  listing.begin = () => {
    stamps = []; tasks = 0; bare = 0; running = true;
    const each = (now) => {
      if (!running) return;
      stamps.push(now);
      if (isBare()) bare += 1;
      listing.most = Math.max(listing.most, rows().length);
      requestAnimationFrame(each);
    };
    requestAnimationFrame(each);
  };
  listing.end = () => { running = false; };
  listing.frames = () => {
    const gaps = stamps.slice(1).map((stamp, at) => stamp - stamps[at]).sort((one, other) => one - other);
    const part = (share) => gaps[Math.min(gaps.length - 1, Math.floor(gaps.length * share))];
    const slow = gaps.filter((gap) => gap > 50).length;
    const [median, p95, longest] = [part(0.5), part(0.95), gaps.at(-1)];
    return { frames: gaps.length, median, p95, longest, slow, tasks, bare };
  };

  listing.key = () => {
    pressed = null;
    addEventListener("keydown", (event) => { pressed = event.timeStamp; }, { once: true, capture: true });
  };
  listing.settled = async () => {
    let before = -1, same = 0, since = performance.now();
    while (same < 5) {
      const now = await new Promise(requestAnimationFrame);
      const at = shown().scrollTop;
      if (at === before) same += 1; else { same = 0; since = now; }
      before = at;
      listing.most = Math.max(listing.most, rows().length);
    }
    return since - pressed;
  };
  listing.letter = () => {
    listing.painted = new Promise((done) => addEventListener("input", (event) => {
      // A task after the next frame's callbacks: the frame has been laid out and painted.
      requestAnimationFrame(() => setTimeout(() => done(performance.now() - event.timeStamp)));
    }, { once: true, capture: true }));
  };
  return listing;
})(%s);
"""

PLAIN: Final = """
async (path) => {
  const { agentes } = await (await fetch(path)).json();
  const made = (name, given = {}, ...inner) => {
    const element = Object.assign(document.createElement(name), given);
    element.append(...inner);
    return element;
  };
  const search = made("input", { type: "search", className: "input", ariaLabel: "Buscar" });
  const toldOf = ({ sigla, nome, cnpj, classe, fa, observacao, faixa }) =>
    [sigla, nome, cnpj, classe.descricao, fa ?? observacao, String(faixa ?? "")];
  const linkOf = ({ divulgacao }) => divulgacao ? made("a", { href: divulgacao }, "endereço") : "";
  const rowOf = (agent) =>
    made("tr", {}, ...toldOf(agent).map((text) => made("td", {}, text)), made("td", {}, linkOf(agent)));
  const body = made("tbody", {}, ...agentes.map(rowOf));
  const table = made("table", { className: "table" }, body);
  const frame = made("div", { id: "frame", className: "scroller", tabIndex: 0 }, table);
  Object.assign(frame.style, { blockSize: "560px", overflow: "auto" });
  search.addEventListener("input", () => {
    const wanted = search.value.toLowerCase();
    agentes.forEach(({ sigla, nome }, at) => {
      body.rows[at].hidden = ![sigla, nome].some((text) => text.toLowerCase().includes(wanted));
    });
  });
  document.body.append(search, frame);
}
"""
