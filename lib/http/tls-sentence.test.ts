import { describe, expect, it } from 'vitest'
import { tlsSentence } from './tls-sentence'

describe('tlsSentence', () => {
  it.each([
    // what a server whose authority is the company's own answers with
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'an authority that is not known here'],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'an authority that is not known here'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'an authority that is not known here'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'name them in a file'],
    ['CERT_HAS_EXPIRED', 'the certificate of https://host has expired'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'is for another host name'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'https://host does not speak TLS'],
    ['CERT_SIGNATURE_FAILURE', 'is not accepted (CERT_SIGNATURE_FAILURE)'],
  ])('says what %s means', (code, words) => {
    expect(tlsSentence('https://host', code, 'name them in a file')).toContain(words)
  })

  it.each(['ECONNRESET', 'UND_ERR_SOCKET', undefined])('leaves %s to others', (code) => {
    expect(tlsSentence('https://host', code, 'name them in a file')).toBeUndefined()
  })
})
