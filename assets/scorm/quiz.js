/* One case after the other: answer, explanation, next. Texts are only ever set as text, never as markup. */
"use strict";

(function () {
  const set = window.DERMTUTOR_CASES;
  const cases = set.cases;
  const part = (id) => document.getElementById(id);
  const OPEN = ".";
  const LETTERS = "abcdef";
  let answers = restored();
  let at = Math.max(0, answers.indexOf(OPEN));
  let shown = 0;

  /* One sign a case: the number of the chosen option, or a dot. It fits into what SCORM 1.2 keeps (4096 signs). */
  function restored() {
    const kept = lms.get("cmi.suspend_data");
    const sound = kept.length === cases.length && /^[0-5.]*$/.test(kept);
    return sound ? kept.split("") : cases.map(() => OPEN);
  }

  function element(tag, text, name) {
    const made = document.createElement(tag);
    if (text) made.textContent = text;
    if (name) made.className = name;
    return made;
  }

  function right(number) {
    return Number(answers[number]) === cases[number].right;
  }

  function show() {
    const each = cases[at];
    shown = Date.now();
    part("case").hidden = false;
    part("result").hidden = true;
    part("place").textContent = "Case " + (at + 1) + " of " + cases.length;
    part("image").src = each.image;
    part("image").alt = each.alternative;
    part("stem").textContent = each.stem;
    part("note").textContent = each.note;
    part("note").hidden = !each.note;
    part("outline").hidden = true;
    part("outline").setAttribute("aria-pressed", "false");
    part("feedback").hidden = true;
    part("next").hidden = true;
    part("submit").hidden = false;
    part("submit").disabled = true;
    part("options").replaceChildren(...each.options.map(option));
    if (answers[at] !== OPEN) reveal();
  }

  function option(name, number) {
    const label = element("label", "", "option");
    const input = element("input");
    input.type = "radio";
    input.name = "option";
    input.value = String(number);
    input.addEventListener("change", () => {
      part("submit").disabled = false;
    });
    label.append(input, element("span", name));
    return label;
  }

  function chosen() {
    const input = document.querySelector("#options input:checked");
    return input ? input.value : OPEN;
  }

  function answer() {
    if (answers[at] !== OPEN || chosen() === OPEN) return;
    answers[at] = chosen();
    report();
    reveal();
    part("feedback").focus({ preventScroll: true });
  }

  function reveal() {
    const each = cases[at];
    document.querySelectorAll("#options .option").forEach((label, number) => {
      const input = label.querySelector("input");
      input.checked = Number(answers[at]) === number;
      input.disabled = true;
      if (number === each.right) {
        label.classList.add("right");
        label.append(element("span", "✓ right", "mark"));
      } else if (input.checked) {
        label.classList.add("wrong");
        label.append(element("span", "✗ your answer", "mark"));
      }
    });
    const feedback = part("feedback");
    const said = right(at) ? "Right: " : "Not right. It is: ";
    feedback.replaceChildren(element("h2", said + each.options[each.right]));
    each.explanation.forEach(([heading, text]) => {
      const paragraph = element("p", "", heading === "Sources" ? "sources" : "");
      if (heading) paragraph.append(element("strong", heading + ": "));
      paragraph.append(text);
      feedback.append(paragraph);
    });
    feedback.hidden = false;
    part("submit").hidden = true;
    part("outline").hidden = !each.outlined;
    part("next").hidden = false;
    part("next").textContent = answers.includes(OPEN) ? "Next case" : "Your result";
  }

  function score() {
    return Math.round((100 * answers.filter((_, number) => right(number)).length) / cases.length);
  }

  function report() {
    const each = cases[at];
    const place = "cmi.interactions." + answers.filter((given) => given !== OPEN).length;
    const entry = place.replace(/\d+$/, (count) => String(Number(count) - 1)) + ".";
    lms.set(entry + "id", each.id);
    lms.set(entry + "type", "choice");
    lms.set(entry + "time", lms.clock());
    lms.set(entry + "correct_responses.0.pattern", LETTERS[each.right]);
    lms.set(entry + "weighting", "1");
    lms.set(entry + "student_response", LETTERS[Number(answers[at])]);
    lms.set(entry + "result", right(at) ? "correct" : "wrong");
    lms.set(entry + "latency", lms.span(Date.now() - shown));
    lms.set("cmi.core.score.min", "0");
    lms.set("cmi.core.score.max", "100");
    lms.set("cmi.core.score.raw", score());
    lms.set("cmi.suspend_data", answers.join(""));
    lms.set("cmi.core.lesson_status", answers.includes(OPEN) ? "incomplete" : "completed");
    lms.commit();
  }

  function next() {
    const later = answers.indexOf(OPEN, at + 1);
    const open = later >= 0 ? later : answers.indexOf(OPEN);
    if (open < 0) {
      finish();
      return;
    }
    at = open;
    show();
    part("main").focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }

  function finish() {
    const good = answers.filter((_, number) => right(number)).length;
    part("case").hidden = true;
    part("result").hidden = false;
    part("place").textContent = "";
    part("score").textContent = good + " of " + cases.length + " right (" + score() + " %)";
    part("kept").textContent = lms.connected
      ? "The result is with your learning platform."
      : "This page is not connected to a learning platform; nobody keeps the result.";
    part("answers").replaceChildren(
      ...cases.map((each, number) => {
        const row = element("tr");
        const mine = right(number) ? "✓ right" : "✗ " + each.options[Number(answers[number])];
        row.append(element("td", String(number + 1)), element("td", each.options[each.right]), element("td", mine));
        return row;
      })
    );
    part("score").focus();
  }

  part("title").textContent = set.title;
  document.title = set.title;
  part("form").addEventListener("submit", (event) => {
    event.preventDefault();
    answer();
  });
  part("next").addEventListener("click", next);
  part("outline").addEventListener("click", () => {
    const on = part("outline").getAttribute("aria-pressed") !== "true";
    part("outline").setAttribute("aria-pressed", String(on));
    part("image").src = on ? cases[at].outlined : cases[at].image;
    part("image").alt = on ? cases[at].alternativeAfter : cases[at].alternative;
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || part("case").hidden) return;
    const number = "123456".indexOf(event.key);
    const inputs = document.querySelectorAll("#options input:enabled");
    if (event.key.length === 1 && number >= 0 && number < inputs.length) {
      inputs[number].checked = true;
      inputs[number].focus();
      part("submit").disabled = false;
      event.preventDefault();
    } else if (event.key === "Enter" && !(event.target instanceof HTMLButtonElement)) {
      event.preventDefault();
      if (answers[at] === OPEN) answer();
      else next();
    }
  });
  window.addEventListener("pagehide", lms.finish);

  if (lms.get("cmi.core.lesson_status") === "not attempted") {
    lms.set("cmi.core.lesson_status", "incomplete");
    lms.commit();
  }
  if (answers.includes(OPEN)) show();
  else finish();
})();
