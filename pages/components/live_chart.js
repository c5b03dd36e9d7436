// Polls the lines of metrics.jsonl and hands them to Plotly.react, which keeps zoom and legend.

const EVERY = 1000 // milliseconds
const ENDED = ['done', 'stopped', 'failed']

function plotly(url) {
  if (window.Plotly) return Promise.resolve(window.Plotly)
  window.thawPlotly ??= new Promise((resolve, reject) => {
    const script = document.createElement('script')
    script.src = url
    script.onload = () => resolve(window.Plotly)
    script.onerror = () => { window.thawPlotly = undefined; reject(new Error(url)) }
    document.head.append(script)
  })
  return window.thawPlotly
}

function tally(rows) {
  // The last line of an epoch counts: a resumed run may write one again.
  const epochs = new Map()
  const batches = new Map()
  for (const row of rows) {
    const key = `${row.phase} ${row.epoch}`
    if ('val_loss' in row) epochs.set(key, row)
    else batches.set(`${key} ${row.batch}`, row)
  }
  const offset = Math.max(0, ...rows.filter((row) => row.phase === 'head').map((row) => row.epoch))
  const start = (row) => (row.phase === 'head' ? 0 : offset)
  const at = (row) => start(row) + row.epoch - ('val_loss' in row ? 0 : 1 - row.batch / row.num_batches)
  const sort = (map) => [...map.values()].sort((a, b) => at(a) - at(b))
  const tuned = rows.some((row) => row.phase !== 'head')
  return { epochs: sort(epochs), batches: sort(batches), at, change: tuned && offset ? offset : null }
}

function within({ batches, at }, kind) {
  const x = []
  const y = []
  batches.forEach((row, index) => {
    const before = batches[index - 1]
    if (before && (before.epoch !== row.epoch || before.phase !== row.phase)) { x.push(null); y.push(null) }
    x.push(at(row))
    y.push(row[kind])
  })
  return { x, y }
}

function traces(told, kind, look) {
  const { texts, colors } = look
  const x = told.epochs.map(told.at)
  const column = (name) => told.epochs.map((row) => row[name])
  const size = x.length > 25 ? 3 : 7 // markers that touch hide the lines
  const last = told.epochs.at(-1) // what is kept if it ends now
  const kept = last ? { x: [told.at(last)], y: [last[`val_${kind}`] ?? last[kind]] } : { x: [], y: [] }
  const judged = !last || last.val_loss !== null // no run that learns from the validation images too
  return [
    { uid: 'within', name: texts.within, ...within(told, kind), mode: 'lines+markers', opacity: 0.55,
      line: { color: colors[0], width: 1 }, marker: { size: 3 } },
    { uid: 'training', name: texts.training, x, y: column(kind), mode: 'lines+markers',
      line: { color: colors[0], width: 2 }, marker: { size, symbol: 'circle' } },
    ...(judged ? [{ uid: 'validation', name: texts.validation, x, y: column(`val_${kind}`), mode: 'lines+markers',
      line: { color: colors[1], width: 2, dash: 'dash' }, marker: { size, symbol: 'square' } }] : []),
    { uid: 'kept', name: texts.kept, ...kept, mode: 'markers',
      marker: { size: 14, symbol: 'star', color: colors[1], line: { width: 1, color: look.ink } } },
  ].map((trace) => ({ hovertemplate: kind === 'accuracy' ? '%{y:.3f}' : '%{y:.4~g}', ...trace }))
}

function lines(told, kind, look) {
  const shapes = []
  const annotations = []
  const font = { size: 11, color: look.ink }
  if (told.change !== null) {
    shapes.push({ type: 'line', xref: 'x', yref: 'paper', x0: told.change, x1: told.change, y0: 0, y1: 1,
      line: { color: look.ink, width: 1, dash: 'dashdot' } })
    annotations.push({ x: told.change, xref: 'x', y: 1, yref: 'paper', text: look.texts.change,
      showarrow: false, xanchor: 'left', yanchor: 'bottom', font })
  }
  if (kind === 'accuracy' && look.majority !== null) {
    shapes.push({ type: 'line', xref: 'paper', yref: 'y', x0: 0, x1: 1, y0: look.majority, y1: look.majority,
      line: { color: look.ink, width: 1, dash: 'dot' } })
    annotations.push({ x: 1, xref: 'paper', y: look.majority, yref: 'y', text: look.texts.majority,
      showarrow: false, xanchor: 'right', yanchor: 'bottom', font })
  }
  return { shapes, annotations }
}

function layout(told, kind, look) {
  const axis = { gridcolor: look.grid, zeroline: false, linecolor: look.grid }
  return {
    ...lines(told, kind, look),
    uirevision: look.run,
    margin: { l: 44, r: 8, t: 20, b: 36 },
    paper_bgcolor: 'rgba(0,0,0,0)',
    plot_bgcolor: 'rgba(0,0,0,0)',
    font: { color: look.ink, family: look.font, size: 12 },
    modebar: { bgcolor: 'rgba(0,0,0,0)', color: look.ink, activecolor: look.ink },
    hovermode: 'x unified',
    hoverlabel: { bgcolor: look.surface, font: { color: look.ink } },
    legend: { orientation: 'h', y: -0.22, yanchor: 'top' },
    xaxis: { ...axis, title: { text: look.texts.epoch, standoff: 4 }, rangemode: 'tozero' },
    yaxis: { ...axis, tickformat: kind === 'accuracy' ? '.0%' : '' },
  }
}

function lookOf(root, data) {
  const css = getComputedStyle(root)
  const of = (name, fallback) => css.getPropertyValue(name).trim() || fallback
  return {
    run: data.run,
    texts: data.texts,
    majority: data.majority,
    ink: of('--st-text-color', '#333'),
    grid: of('--st-border-color', '#ddd'),
    surface: of('--st-background-color', '#fff'),
    font: of('--st-font', 'sans-serif'),
    colors: of('--st-chart-categorical-colors', '#0f766e,#b45309').split(','),
  }
}

function spoken(told, kind, texts) {
  const last = told.epochs.at(-1)
  const number = (value) => value?.toFixed(3) ?? '–'
  if (!last) return texts[kind]
  return `${texts[kind]}. ${texts.epoch} ${told.at(last)}: ${texts.training} ${number(last[kind])}, `
    + `${texts.validation} ${number(last[`val_${kind}`])}`
}

function config(Plotly, texts) {
  const reset = { name: 'reset', title: texts.reset, icon: Plotly.Icons.home,
    click: (graph) => Plotly.relayout(graph, { 'xaxis.autorange': true, 'yaxis.autorange': true }) }
  return { responsive: true, displaylogo: false, showTips: false, modeBarButtons: [[reset]] }
}

async function draw(view) {
  if (!view.rows.length) return
  const Plotly = await plotly(view.data.library)
  const look = lookOf(view.root, view.data)
  view.config ??= config(Plotly, look.texts) // another object would make Plotly start afresh
  const told = tally(view.rows)
  for (const kind of view.data.kinds) {
    const figure = view.figures[kind]
    figure.querySelector('.waiting')?.remove()
    const plot = figure.querySelector('.plot')
    plot.setAttribute('aria-label', spoken(told, kind, look.texts))
    await Plotly.react(plot, traces(told, kind, look), layout(told, kind, look), view.config)
  }
}

async function poll(view) {
  if (view.busy || document.hidden) return
  view.busy = true
  try {
    const answer = await fetch(`${view.data.metrics}?after=${view.next}`)
    if (!answer.ok) return
    const { rows, next, state } = await answer.json()
    if (next < view.next) view.rows = [] // the file was written anew
    view.next = next
    view.rows.push(...rows)
    if (rows.length || view.late) {
      view.late = true // also when drawing fails: the next poll draws what this one brought
      await draw(view)
      view.late = false
    }
    if (ENDED.includes(state)) clearInterval(view.timer)
  } catch (error) {
    console.debug('The server does not answer; asking again.', error)
  } finally {
    view.busy = false
  }
}

function label(view, data) {
  view.data = data
  for (const kind of data.kinds) {
    view.figures[kind].querySelector('figcaption').textContent = data.texts[kind]
    const waiting = view.figures[kind].querySelector('.waiting')
    if (waiting) waiting.textContent = data.texts.waiting
  }
}

function build(parent, data) {
  const root = parent.querySelector('.curves')
  root.className = 'curves thaw-curves'
  const figures = {}
  for (const kind of data.kinds) {
    const figure = document.createElement('figure')
    figure.innerHTML = '<figcaption></figcaption><div class="waiting" role="status"></div><div class="plot" role="img"></div>'
    figure.querySelector('.plot').dataset.kind = kind
    figures[kind] = figure
  }
  root.replaceChildren(...Object.values(figures))
  const view = { root, figures, rows: [], next: 0, busy: false }
  label(view, data)
  view.timer = setInterval(() => poll(view), EVERY)
  poll(view)
  return view
}

const views = new WeakMap()

export default function (component) {
  const { data, parentElement } = component
  const known = views.get(parentElement)
  if (!known) views.set(parentElement, build(parentElement, data))
  else { label(known, data); draw(known) }
  return () => {
    const view = views.get(parentElement)
    clearInterval(view?.timer)
    for (const plot of view?.root.querySelectorAll('.plot') ?? []) window.Plotly?.purge(plot)
    views.delete(parentElement)
  }
}
