"""Looks at HTML reports as their readers do. Usage: check.py PROGRAM FOLDER. Prints TAP."""

import os
import re
import sys
import tempfile
import traceback

import browser
import pages

PHONE, DESK = (390, 844), (1280, 900)

# The least contrast of any text with what is behind it, and which text that is (WCAG 2.2, 1.4.3).
CONTRAST = """(() => {
  const color = (css) => { const n = css.match(/[\\d.]+/g).map(Number); return n.length < 4 ? [...n, 1] : n; };
  const over = (top, under) => [0, 1, 2].map(i => top[i] * top[3] + under[i] * (1 - top[3])).concat(1);
  const light = (c) => [.2126, .7152, .0722].reduce((sum, part, i) => {
    const v = c[i] / 255; return sum + part * (v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4); }, 0);
  const ground = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) layers.push(color(getComputedStyle(at).backgroundColor));
    return layers.reverse().reduce((under, top) => over(top, under), [255, 255, 255, 1]);
  };
  let least = [99, "", 0];
  for (const element of document.querySelectorAll("body *")) {
    if (!element.checkVisibility() || ![...element.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue;
    const style = getComputedStyle(element), behind = ground(element);
    const front = over(color(element instanceof SVGElement ? style.fill : style.color), behind);
    const [a, b] = [light(front), light(behind)].sort((x, y) => y - x), ratio = (a + .05) / (b + .05);
    least = [...(ratio < least[0] ? [ratio, element.outerHTML.slice(0, 80)] : least.slice(0, 2)), least[2] + 1];
  }
  return least;
})()"""

ROWS = "[...document.querySelectorAll('#all tbody tr')].map(row => row.cells[0].querySelector('bdi').textContent)"


class Check:
    """Each case_… yields what is wrong."""

    def __init__(self, page, paths, folder):
        self.page, self.paths, self.folder = page, paths, folder

    def open(self, name, size=DESK, theme="light"):
        self.page.size(*size)
        self.page.theme(theme)
        return self.page.open(self.paths[name])

    def errors(self):
        for entry in self.page.told("Log.entryAdded"):
            yield f"the browser says: {entry['entry']['text']}"
        for entry in self.page.told("Runtime.exceptionThrown"):
            yield f"an exception: {entry['exceptionDetails']}"
        for entry in self.page.told("Runtime.consoleAPICalled"):
            yield f"on the console: {entry['args']}"

    def case_quiet(self):
        """no page says anything on the console, or asks for anything but itself"""
        for name, path in self.paths.items():
            self.open(name)
            for text in self.errors():
                yield f"{name}: {text}"
            asked = [one["request"]["url"] for one in self.page.told("Network.requestWillBeSent")]
            if asked != ["file://" + path]:
                yield f"{name}: asks for {asked}"

    def case_closed(self):
        """what would leave the page is refused"""
        self.open("small")
        refused = self.page.run("""new Promise(done => {
          const seen = [];
          addEventListener("securitypolicyviolation", (event) => seen.push(event.effectiveDirective));
          fetch("http://127.0.0.1:9/").catch(() => 0);
          new Image().src = "http://127.0.0.1:9/x.png";
          const add = (name, set) => document.body.append(Object.assign(document.createElement(name), set));
          add("script", { textContent: "window.pwned = 1" });
          add("style", { textContent: "body { color: red }" });
          add("iframe", { src: "http://127.0.0.1:9/" });
          setTimeout(() => done(seen.concat(window.pwned || [])), 200);
        })""")
        wanted = {"connect-src", "img-src", "script-src-elem", "style-src-elem", "frame-src"}
        if set(refused) != wanted:
            yield f"refused: {refused}"

    def case_verdict(self):
        """the verdict comes first, the breach before the rest"""
        self.open("small")
        text = self.page.run("document.body.innerText")
        order = [text.lower().find(word) for word in ("fail", "blocked, 1 regressed", "breaks", "marked", "geometric",
                                                      "all comparisons", "notes", "policy")]
        if -1 in order or order != sorted(order):
            yield f"stand at {order}"
        self.open("error")
        text = self.page.run("document.body.innerText")
        if "No such file" not in text or "Error" not in text:
            yield f"the error page says {text!r}"

    def case_filter(self):
        """the filter keeps what it names"""
        self.open("hostile")
        every = len(self.page.run(ROWS))
        self.page.run("document.getElementById('f-name').focus()")
        self.page.call("Input.insertText", text="<SCRIPT")
        rows = self.page.run(ROWS)
        if not rows or set(rows) != {pages.HOSTILE[0]}:
            yield f"by name: {rows}"
        if not self.page.run("document.getElementById('count').textContent").startswith(f"{len(rows)} of {every} "):
            yield "the count is not told"
        for field, value, column in (("package", 'a"b/<i>c</i>', ".pkg"), ("unit", pages.HOSTILE_UNIT, "td"),
                                     ("outcome", "regressed", None)):
            self.page.run("document.querySelector('#filter [type=reset]').click()")
            self.page.run("new Promise(done => setTimeout(done))")
            before = len(self.page.run(ROWS))
            self.page.run(f"""(() => {{ const field = document.getElementById('f-{field}'); field.value = {value!r};
              field.dispatchEvent(new Event("input", {{ bubbles: true }})); }})()""")
            told = self.page.run("[...document.querySelectorAll('#all tbody tr')].map(row => " + (
                "row.dataset.o" if column is None else f"row.querySelector('{column}').textContent") + ")")
            if before != every or not 0 < len(told) < every or set(told) != {value}:
                yield f"by {field}: {len(told)} of {before}: {set(told)}"

    def case_sort(self):
        """each column sorts both ways, and says so"""
        for column, key in ((2, 0), (4, 2)):
            self.open("hostile")
            for order in ("ascending", "descending"):
                yield from self.sorted_by(column, order)
                units = self.page.run("[...document.querySelectorAll('#all tbody tr')].map(row => "
                                      f"[row.cells[1].textContent, row.dataset.k.split(';')[{key}]])")
                for unit in {unit for unit, _ in units} if key == 0 else {None}:
                    numbers = [float(text) for one, text in units if unit in (None, one) and text]
                    if numbers != sorted(numbers, reverse=order == "descending") or len(set(numbers)) < 2:
                        yield f"column {column} {order} {unit}: {numbers}"
        self.open("large")
        last = pages.LARGE - 1
        for order, wanted in (("ascending", ["Often", "Stage0", "Stage1", "Stage2"]),
                              ("descending", [f"Stage{last}", f"Stage{last - 1}"])):
            yield from self.sorted_by(0, order)
            names = self.page.run(ROWS)[:len(wanted)]
            if names != wanted:
                yield f"by name: {names}"

    def sorted_by(self, column, order):
        self.page.run(f"document.querySelectorAll('#all thead button')[{column}].focus()")
        self.page.press("Enter", 13)
        said = self.page.run("[...document.querySelectorAll('#all th[aria-sort]')].map(head => head.ariaSort)")
        if said.count("none") != len(said) - 1 or said[column] != order:
            yield f"column {column}: says {said}"

    def case_keyboard(self):
        """Tab reaches all controls in the order of the page, and shows where it is"""
        self.open("small")
        reached = []
        for _ in range(60):
            self.page.press("Tab", 9)
            at = self.page.run("""(() => { const at = document.activeElement, style = getComputedStyle(at);
              const all = [...document.querySelectorAll("*")];
              return [all.indexOf(at), at.id || at.className || at.tagName + " " + at.textContent.slice(0, 20),
                      style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2]; })()""")
            if at[1] == "BODY " or (reached and at[0] <= reached[0][0]):
                break
            reached.append(at)
        names = [name for _, name, _ in reached]
        if [at for at, _, _ in reached] != sorted(at for at, _, _ in reached):
            yield f"not in the page's order: {names}"
        if [name for _, name, shown in reached if not shown]:
            yield f"cannot be seen: {[name for _, name, shown in reached if not shown]}"
        wanted = self.page.run("""[...document.querySelectorAll("a[href], button, input, select, summary, [tabindex='0']")]
          .filter(one => one.checkVisibility()).length""")
        if names[0] != "skip" or len(names) != wanted or "f-name" not in names:
            yield f"{len(names)} of {wanted} reached: {names}"
        self.page.run("document.querySelector('#all summary').focus()")
        self.page.press("Enter", 13)
        if not self.page.run("document.querySelector('#all details').open"):
            yield "Enter does not open a picture"
        if self.page.run("[...document.querySelectorAll('input, select')].some(one => !one.labels.length)"):
            yield "a field has no label"

    def case_contrast(self):
        """text has a contrast of 4.5 and more in both themes"""
        for theme in ("light", "dark"):
            for name in ("small", "passed", "undecided", "hostile", "error"):
                self.open(name, theme=theme)
                self.page.run("document.querySelectorAll('details').forEach((one, at) => one.open = at < 6)")
                ratio, element, count = self.page.run(CONTRAST)
                if ratio < 4.5 or count < 10:
                    yield f"{name}, {theme}: {ratio:.2f} at {element}, of {count}"
                self.page.run("document.querySelectorAll('details').forEach(one => one.open = false)")
                self.page.screenshot(os.path.join(self.folder, f"{name}-{theme}.png"))

    def case_phone(self):
        """a phone's width is enough, and the table is still one"""
        for name in self.paths:
            for details in ("false", "true"):
                self.open(name, size=PHONE)
                self.page.run("document.querySelectorAll('details').forEach((one, at) => "
                              f"one.open = {details} && at < 6)")
                width = self.page.run("document.documentElement.scrollWidth")
                if width > PHONE[0]:
                    yield f"{name}: {width} pixels wide"
            hidden = self.page.run("[...document.querySelectorAll('#geomeans td')].filter(cell => "
                                   "cell.getBoundingClientRect().right > innerWidth).length")
            if hidden:
                yield f"{name}: {hidden} cells of the geometric means are beyond the edge"
            self.page.screenshot(os.path.join(self.folder, f"{name}-phone.png"), whole=False)
        for size in (PHONE, DESK):
            self.open("small", size=size)
            roles = [node["role"]["value"] for node in self.page.call("Accessibility.getFullAXTree")["nodes"]
                     if not node["ignored"]]
            for role in ("table", "row", "columnheader", "rowheader", "cell"):
                if role not in roles:
                    yield f"at {size[0]} pixels there is no {role}"

    def case_print(self):
        """printed, all is open and nothing is to be pressed"""
        self.open("small")
        self.page.run("addEventListener('beforeprint', () => window.folded = "
                      "document.querySelectorAll('details:not([open])').length)")
        data = self.page.pdf()
        with open(os.path.join(self.folder, "small.pdf"), "wb") as file:
            file.write(data)
        if not data.startswith(b"%PDF-") or not re.search(rb"/Type\s*/Page\b", data):
            yield "no PDF"
        if self.page.run("window.folded") != 0 or not self.page.run("document.querySelector('details:not([open])') !== null"):
            yield "folded parts stay so, or are left open"
        self.page.call("Emulation.setEmulatedMedia", media="print")
        if self.page.run("[...document.querySelectorAll('form, #more')].some(one => one.checkVisibility())"):
            yield "controls are printed"
        self.page.call("Emulation.setEmulatedMedia", media="")

    def case_hostile(self):
        """names of the change under test are text, and only that"""
        for scripts in (True, False):
            self.page.scripts(scripts)
            self.open("hostile")
            rows = set(self.page.run(ROWS))
            wanted = set(pages.HOSTILE) | {shown for _, shown in pages.SHOWN_OTHERWISE}
            if rows != wanted:
                yield f"missing {wanted - rows}, instead {rows - wanted}"
            made = self.page.run("""[document.querySelectorAll("img, u, b:not(.num), script, style, noscript, [onload]").length,
              document.querySelectorAll("bdi *").length, typeof window.pwned]""")
            if made != [2, 0, "undefined"]:
                yield f"elements were made: {made}"
        self.page.scripts(True)

    def case_large(self):
        """of a large suite all can be reached, with scripts and without"""
        self.open("large")
        total = pages.LARGE + 1
        if len(self.page.run(ROWS)) != 300:
            yield "not the first 300"
        self.page.run("document.getElementById('more').click()")
        if len(set(self.page.run(ROWS))) != total or self.page.run("document.getElementById('more').checkVisibility()"):
            yield "not all behind “Show more”"
        often = self.page.run("""(() => { const row = [...document.querySelectorAll('#all tbody tr')]
          .find(row => row.cells[0].textContent === 'Often');
          return [row.textContent, ...[...row.querySelectorAll('.p0, .p1')].map(one => one.getAttribute('d').match(/h0/g).length)]; })()""")
        if often[1:] != [200, 200] or f"200 of {pages.MANY_SAMPLES} points of base" not in often[0]:
            yield f"many samples are shown as {often}"
        self.page.scripts(False)
        self.open("large")
        shown = self.page.run("""[document.querySelectorAll('.all tbody tr').length, document.getElementById('filter').hidden,
          document.querySelectorAll('.all tbody svg').length]""")
        if shown != [total, True, total]:
            yield f"without scripts: {shown}"
        self.page.scripts(True)


def main():
    program, folder = sys.argv[1:]
    path = browser.find()
    cases = [name for name in vars(Check) if name.startswith("case_")]
    print(f"1..{len(cases)}")
    if path is None:
        for number, name in enumerate(cases, 1):
            print(f"ok {number} - html: {getattr(Check, name).__doc__} # SKIP skipped: no Chromium here")
        return
    os.makedirs(folder, exist_ok=True)
    failed = False
    with tempfile.TemporaryDirectory() as work:
        page = browser.Browser(path)
        try:
            check = Check(page, pages.make(program, work), folder)
            for number, name in enumerate(cases, 1):
                try:
                    found = list(getattr(check, name)())
                except Exception:  # noqa: any failure of a case is that case's
                    found = [traceback.format_exc()]
                print(f"{'not ' if found else ''}ok {number} - html: {getattr(Check, name).__doc__}", flush=True)
                for text in found:
                    print("# " + str(text).replace("\n", "\n# "))
                failed = failed or bool(found)
        finally:
            page.close()
    sys.exit(failed)


if __name__ == "__main__":
    main()
