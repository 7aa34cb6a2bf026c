/** The report's style: light and dark, desk, phone and paper. */
export const STYLE = `
:root{color-scheme:light dark;--paper:#fff;--ink:#1c2330;--soft:#5b6675;--line:#d9dee6;--panel:#f5f7fa;--sick:#c2410c;--peer:#718097;--out:#fde8d7;--good:#15803d;--bad:#b91c1c;--link:#1d4ed8}
@media (prefers-color-scheme:dark){:root{--paper:#12161d;--ink:#e6eaf0;--soft:#a3adbb;--line:#2e3642;--panel:#1a2029;--sick:#fb923c;--peer:#75859b;--out:#3a2615;--good:#4ade80;--bad:#f87171;--link:#93b4ff}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main,header,footer{max-width:960px;margin:0 auto;padding:0 20px}
header{padding-top:28px}
h1{font-size:1.6rem;line-height:1.25;margin:.2em 0 .4em}
h2{font-size:1.15rem;margin:2.2em 0 .6em;padding-top:.4em;border-top:1px solid var(--line)}
h3{font-size:1rem;margin:1.2em 0 .3em}
a{color:var(--link)}
h1,h2,h3,p,li,summary{overflow-wrap:anywhere}
code{font:.9em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
pre{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--panel);border-radius:6px;padding:.5em .7em;margin:.4em 0 .8em}
.eyebrow,.note{color:var(--soft);font-size:.9rem;margin:.2em 0}
.state{display:inline-block;border:1px solid currentColor;border-radius:99px;padding:0 .7em;font-size:.85rem;font-weight:600}
.state.good{color:var(--good)}.state.bad{color:var(--bad)}
dl.head{display:grid;grid-template-columns:auto 1fr;gap:.35em 1em;background:var(--panel);border-radius:8px;padding:14px 16px;margin:1em 0}
dl.head dt{font-weight:600}dl.head dd{margin:0;overflow-wrap:anywhere}
nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:.3em 1.2em;padding:0;margin:.5em 0}
.chart{width:100%;height:auto;display:block}
.chart.narrow{display:none}
.chart text{font:12px system-ui,sans-serif;fill:var(--soft)}
.chart .grid{stroke:var(--line);stroke-width:1}
.chart .out{fill:var(--out)}
.chart .mark{stroke:var(--ink);stroke-dasharray:3 3}
.chart .marked{fill:var(--ink);font-weight:600}
.chart path{fill:none;stroke-width:1.5}
.chart .peer path{stroke:var(--peer)}
.chart .sick path{stroke:var(--sick);stroke-width:2.5}
.chart .sick circle{fill:var(--sick)}
.chart .sick-label{fill:var(--sick);font-weight:700}
.chart .bad{fill:var(--sick)}
.legend{font-size:.9rem;color:var(--soft);margin:.3em 0}
.legend b{color:var(--sick)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.92rem}
th,td{text-align:left;padding:.35em .7em .35em 0;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:break-word}
td code{overflow-wrap:anywhere}
th.time,th.name{white-space:nowrap}
thead th{color:var(--soft);font-weight:600}
.numbers td{font-variant-numeric:tabular-nums;white-space:nowrap}
tr.failed td,tr.failed th{color:var(--bad)}
tr.sick th,tr.sick td{color:var(--sick);font-weight:600}
.bar{display:block;height:.8em;min-width:2px;background:var(--peer);border-radius:2px}
tr.sick .bar{background:var(--sick)}
.track{display:block;width:100%;min-width:110px;background:var(--panel);border-radius:2px;margin-top:.35em}
details{border:1px solid var(--line);border-radius:8px;padding:.4em .9em;margin:.7em 0}
summary{cursor:pointer;font-weight:600}
ul.plain{padding-left:1.1em;margin:.4em 0}
footer{color:var(--soft);font-size:.85rem;padding-top:2em;padding-bottom:3em}
:focus-visible{outline:2px solid var(--link);outline-offset:2px}
@media (max-width:640px){main,header,footer{padding-left:14px;padding-right:14px}h1{font-size:1.3rem}.chart.wide{display:none}.chart.narrow{display:block}dl.head{grid-template-columns:1fr;gap:.1em}dl.head dd{margin-bottom:.6em}table.stack thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}table.stack tr{display:block;padding:.4em 0;border-bottom:1px solid var(--line)}table.stack th,table.stack td{display:block;border:0;padding:.05em 0;overflow-wrap:anywhere}table.stack td[data-label]::before{content:attr(data-label) ': ';color:var(--soft)}}
@media print{:root{--paper:#fff;--ink:#000;--soft:#444;--line:#bbb;--panel:#f4f4f4;--sick:#b43c00;--peer:#777;--out:#f6e3d3;--good:#15803d;--bad:#b91c1c;--link:#000}body{font-size:11pt}h2{break-after:avoid}tr,.chart{break-inside:avoid}details{border:0;padding:0}details::details-content{content-visibility:visible;height:auto}nav{display:none}.scroll{overflow:visible}.plain tbody th,.stack td:last-child,.stack td[data-label=value],.stack tbody th,.numbers thead th{overflow-wrap:anywhere}.numbers{font-size:8pt}.numbers tbody th{white-space:nowrap}.numbers thead th:first-child{overflow-wrap:normal}}
`.replace(/\n/g, '');
