/* Before the app: is there what it cannot do without? Written for browsers of 2011, so that the ones
   it has to turn away can read it. Where something is missing the page /app/floor.html says what and
   what to do; on that page this script shows which of its lines hold. docs/browsers.md is the list. */
(function () {
  var lacks = []
  var onFloor = /\/floor\.html$/.test(location.pathname)
  var inApp = /MicroMessenger|DingTalk|WeiBo|AlipayClient|Feishu|Lark\/|QQ\//i.test(navigator.userAgent)

  function need(name, isThere) {
    var found = false
    try {
      found = Boolean(isThere())
    } catch (error) {
      found = false // a browser that forbids the store throws where it is named
    }
    if (!found) lacks.push(name)
  }

  need('secure', function () { return window.isSecureContext !== false })
  // These came with Chrome 67 to 85, Firefox 68 to 79 and Safari 13.1 to 15: whoever has them all reads our syntax.
  need('modern', function () {
    return 'noModule' in document.createElement('script') && ''.replaceAll && Promise.any && window.WeakRef && window.BigInt64Array
  })
  need('basics', function () {
    return window.fetch && window.AbortController && window.Blob && window.Blob.prototype.arrayBuffer && window.TextEncoder
  })
  need('store', function () { return window.indexedDB && window.IDBKeyRange })
  // Both are kept from pages that did not come by https: then that is what there is to say.
  if (lacks[0] !== 'secure') {
    need('crypto', function () { return window.crypto.subtle })
    need('offline', function () { return 'serviceWorker' in navigator && window.caches })
  }

  function show(id) {
    var line = document.getElementById(id)
    if (line) line.removeAttribute('hidden')
  }

  function hide(id) {
    var line = document.getElementById(id)
    if (line) line.setAttribute('hidden', '')
  }

  function whenRead(act) {
    if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', act)
    else act()
  }

  if (onFloor) {
    whenRead(function () {
      for (var i = 0; i < lacks.length; i += 1) show('lack-' + lacks[i])
      if (inApp) show('in-app')
      show(lacks.length ? 'has-lacks' : 'has-all')
      if (!lacks.length) hide('cannot')
    })
  } else if (lacks.length) {
    location.replace('/app/floor.html')
  } else if (inApp) {
    whenRead(hint)
  }

  /* Everything is there, but such an app clears its pages' stores when it likes. */
  function hint() {
    var note = document.getElementById('in-app')
    var seen = 'suicha-in-app'
    try {
      if (sessionStorage.getItem(seen)) return
    } catch (error) {
      // then it is shown again
    }
    note.removeAttribute('hidden')
    note.querySelector('button').addEventListener('click', function () {
      note.setAttribute('hidden', '')
      try {
        sessionStorage.setItem(seen, '1')
      } catch (error) {
        // the same
      }
    })
  }
})()
