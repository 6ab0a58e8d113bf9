// The first rows of a recipients file, read in the browser to be looked at. The service reads the file that counts.
const LOOKED_AT = 256 * 1024;

// {names, rows}: rows as {name: value}; a row that the part read cuts off is left out.
export async function head(file) {
  const cut = file.size > LOOKED_AT;
  const text = (await file.slice(0, LOOKED_AT).text()).replace(/^\ufeff/, "");
  const [names = [], ...lines] = records(text, cut);
  return { names, rows: lines.map((cells) => Object.fromEntries(names.map((name, at) => [name, cells[at] ?? ""]))) };
}

function records(text, cut) {
  const found = [];
  let cells = [], cell = "", quoted = false;
  const end = () => {
    cells.push(cell);
    if (cells.some(Boolean)) found.push(cells);
    cells = [];
    cell = "";
  };
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (quoted && sign === '"' && text[at + 1] === '"') { cell += '"'; at += 1; }
    else if (sign === '"') quoted = !quoted;
    else if (quoted) cell += sign;
    else if (sign === ",") { cells.push(cell); cell = ""; }
    else if (sign === "\n" || sign === "\r") end();
    else cell += sign;
  }
  if (!cut) end();
  return found;
}
