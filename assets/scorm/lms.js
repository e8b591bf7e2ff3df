/* The learning platform, through the interface of SCORM 1.2; without one the cases work all the same. */
"use strict";

const lms = (function () {
  const api = (function find() {
    for (const start of [window, window.opener]) {
      let place = start;
      for (let step = 0; place && step < 10; step += 1) {
        try {
          if (place.API) return place.API;
        } catch (notOurs) {
          break;
        }
        if (place.parent === place) break;
        place = place.parent;
      }
    }
    return null;
  })();
  const begun = Date.now();
  let open = api !== null && String(api.LMSInitialize("")) === "true";

  function two(number) {
    return String(number).padStart(2, "0");
  }

  /* CMITimespan: hours with up to four digits, minutes, seconds with two decimals. */
  function span(milliseconds) {
    const hundredths = Math.floor(milliseconds / 10);
    const seconds = Math.floor(hundredths / 100);
    const hours = Math.min(9999, Math.floor(seconds / 3600));
    return String(hours).padStart(4, "0") + ":" + two(Math.floor(seconds / 60) % 60) + ":" + two(seconds % 60) +
      "." + two(hundredths % 100);
  }

  function get(name) {
    return open ? String(api.LMSGetValue(name)) : "";
  }

  function set(name, value) {
    if (open) api.LMSSetValue(name, String(value));
  }

  return {
    connected: open,
    get: get,
    set: set,
    span: span,
    clock: function () {
      const now = new Date();
      return two(now.getHours()) + ":" + two(now.getMinutes()) + ":" + two(now.getSeconds());
    },
    commit: function () {
      if (open) api.LMSCommit("");
    },
    finish: function () {
      if (!open) return;
      set("cmi.core.session_time", span(Date.now() - begun));
      api.LMSCommit("");
      api.LMSFinish("");
      open = false;
    },
  };
})();
