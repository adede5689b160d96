import { describe, expect, it } from 'vitest'
import { readYaml } from './yaml'

describe('readYaml', () => {
  // what kubectl 1.32 makes of each, by `kubectl create --dry-run=client -o json`
  it.each([
    ['yes', true],
    ['y', true],
    ['on', true],
    ['TRUE', true],
    ['No', false],
    ['off', false],
    ['yEs', 'yEs'],
    ['"on"', 'on'],
    ['0777', 511],
    ['-012', -10],
    ['0o14', 12],
    ['0o8', '0o8'],
    ['0b11', 3],
    ['0x1F', 31],
    ['1_000', 1000],
    ['089', 89],
    ['1e3', 1000],
    ['190:20', '190:20'],
    ['190:20:30.5', '190:20:30.5'],
    ['2020-01-01', '2020-01-01'],
    ['2001-12-14t21:59:43.10-05:00', '2001-12-14t21:59:43.10-05:00'],
    ['~', null],
    ['=', '='],
  ])('reads %s as kubectl does', (text, value) => {
    expect(readYaml(`a: ${text}`)).toEqual({ value: { a: value } })
  })

  it('takes in what << names, and what stands beside it stays', () => {
    const text = 'a: &a {x: 1, y: 2}\nb: &b {z: 3}\nc: {<<: [*a, *b], x: 9}\n'
    expect(readYaml(text)).toMatchObject({ value: { c: { x: 9, true: 2, z: 3 } } })
  })

  it.each([
    ['an alias without an anchor', 'x: *nope', 'no anchor &nope stands before the alias *nope'],
    [
      'a merge of no map',
      'x: {<<: 1}',
      'what << takes in must be a map, or an alias of one that stands before it',
    ],
    [
      'a merge without an anchor',
      'x: {<<: *nope}',
      'what << takes in must be a map, or an alias of one that stands before it',
    ],
    ['a map that takes itself in', '&x {<<: *x}', expect.stringMatching(/more than 100 copies/)],
    ['a value within itself', '&x [*x]', 'its values are nested more than 200 levels deep'],
    ['a key twice', 'a: 1\na: 2', 'Map keys must be unique'],
  ])('says why it has no value: %s', (_, text, problem) => {
    expect(readYaml(text)).toEqual({ problem })
  })

  it('refuses merges that multiply', () => {
    const bomb = ['a: &a {x: 1}']
    for (const [before, name] of ['ab', 'bc', 'cd', 'de']) {
      bomb.push(`${name}: &${name} {<<: [${Array(10).fill(`*${before}`).join(', ')}]}`)
    }
    expect(readYaml(bomb.join('\n'))).toEqual({ problem: expect.stringMatching(/more than 100 copies/) })
  })
})
