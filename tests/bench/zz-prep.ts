import { prepareMesh } from '/work/wt/lead/tests/bench/mesh'
const m = await prepareMesh((t)=>console.log(t)); console.log(m.describe, m.prometheusUrl, m.at); await m.stop()
