/** How a report looks: on light and dark screens, narrow and wide, and on paper. */
export const css = `:root {
  color-scheme: light dark;
  --ink: #1c2127; --quiet: #5b6570; --line: #d9dee3; --wash: #f5f7f9; --paper: #ffffff; --accent: #0b66a8;
}
@media (prefers-color-scheme: dark) {
  :root { --ink: #e4e8ec; --quiet: #9aa5b0; --line: #333a41; --wash: #1d2226; --paper: #14181b; --accent: #6cb6ee; }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 3.5rem 1.5rem 5rem; max-width: 62rem;
  color: var(--ink); background: var(--paper);
  font: 1.0625rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  -webkit-text-size-adjust: 100%;
}
h1 { margin: 0 0 0.75rem; font-size: 2.1rem; line-height: 1.2; letter-spacing: -0.015em; text-wrap: balance; }
h2 { margin: 0 0 0.75rem; font-size: 1.35rem; line-height: 1.3; letter-spacing: -0.005em; }
p, ul, .summary { max-width: 42rem; }
p { margin: 0 0 1rem; }
ul { margin: 0 0 1rem; padding-left: 1.25rem; }
.summary { color: var(--quiet); font-size: 1.15rem; }
section { margin-top: 2.5rem; padding-top: 2rem; border-top: 1px solid var(--line); }
nav ol { margin: 1.5rem 0 0; padding: 0; list-style: none; display: flex; flex-wrap: wrap; gap: 0.35rem 1.5rem; font-size: 0.95rem; }
a { color: var(--accent); text-decoration-thickness: 1px; text-underline-offset: 0.2em; }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
code { font-size: 0.9em; }
pre {
  margin: 1.25rem 0; padding: 1rem 1.25rem; overflow-x: auto;
  background: var(--wash); border-radius: 6px; font-size: 0.875rem; line-height: 1.5;
}
figure { margin: 1.75rem 0; }
figure svg { display: block; max-width: 100%; height: auto; overflow: visible; }
figcaption { margin-top: 0.75rem; max-width: 42rem; color: var(--quiet); font-size: 0.95rem; line-height: 1.5; }
.wide { margin: 1.75rem 0; overflow-x: auto; }
table { border-collapse: collapse; font-size: 0.95rem; line-height: 1.4; }
caption { padding-bottom: 0.6rem; color: var(--quiet); text-align: left; text-wrap: balance; }
th, td { padding: 0.35rem 1.5rem 0.35rem 0; text-align: left; vertical-align: top; }
th { border-bottom: 1px solid var(--quiet); font-weight: 600; vertical-align: bottom; }
td { border-bottom: 1px solid var(--line); }
.number { padding-left: 1rem; text-align: right; font-variant-numeric: tabular-nums; }
@media print {
  :root { color-scheme: light; --ink: #000; --quiet: #444; --line: #bbb; --wash: #f5f5f5; --paper: #fff; --accent: #000; }
  body { padding: 0; max-width: none; font-size: 10.5pt; }
  nav { display: none; }
  section { margin-top: 1.5rem; padding-top: 1.25rem; }
  h2 { break-after: avoid; }
  figure, table, pre { break-inside: avoid; }
  pre { white-space: pre-wrap; }
}
`
