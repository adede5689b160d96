import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { root } from './paths.mjs'

/** Runs a TypeScript file of the tests with this process's arguments; its exit code becomes ours. */
export function runProgram(file) {
  const args = [
    // lets it import what is marked as server-only
    '--conditions=react-server',
    '--import',
    'tsx',
    join(root, file),
    ...process.argv.slice(2),
  ]
  const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' })
  child.on('exit', (code) => process.exit(code ?? 1))
}
