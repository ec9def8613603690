"use strict";
// Draws the page's tracks: one time axis, one cursor. All numbers come from the data block; what is
// drawn here is also said in the page's tables.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const root = document.documentElement;
  const readout = document.querySelector("#readout output");
  const tracks = [...document.querySelectorAll(".track")].map((element, index) => ({
    element, index, canvas: element.querySelector("canvas"),
    label: element.getAttribute("aria-label"), data: data.tracks[index], column: null,
  }));
  const clocks = data.clocks.map(readClock);
  let cursor = null;

  // Times come as runs: first, step, count.
  function unpack(runs) {
    const times = [];
    for (const [first, step, count] of runs) {
      for (let i = 0; i < count; i++) times.push(first + i * step);
    }
    return times;
  }

  // A column reaches from the column before, or from a slide before its first window's end.
  function readClock(clock) {
    const first = unpack(clock.first);
    const last = clock.last ? unpack(clock.last) : first;
    const left = first.map((end, i) => {
      const before = i > 0 ? last[i - 1] : data.from;
      return clock.slide ? Math.max(before, end - clock.slide) : before;
    });
    return { first, last, left, stretch: clock.stretch, n: clock.n };
  }

  // Cells as the encoder has them: see CellCode.swift.
  function readCells(text) {
    const digits = [...text].map((character) => {
      const code = character.charCodeAt(0);
      return code === 33 ? 0 : code - 34 - (code > 60 ? 1 : 0) - (code > 92 ? 1 : 0);
    });
    const cells = [];
    let i = 0;
    const three = () => digits[i++] * 8281 + digits[i++] * 91 + digits[i++];
    while (i < digits.length) {
      const d = digits[i++];
      if (d < 60) cells.push([d, 0]);
      else if (d < 75) cells.push([(d - 60) * 91 + digits[i++], 0]);
      else if (d < 88) {
        const index = (d - 75) * 91 + digits[i++];
        let distance = digits[i++];
        if (distance === 90) distance = digits[i++] * 91 + digits[i++];
        cells.push([index, index - distance]);
      } else if (d === 88) cells.push([three(), three()]);
      else if (d === 89) cells.push(null);
      else {
        const times = digits[i++] * 91 + digits[i++];
        const cell = cells[cells.length - 1];
        for (let k = 0; k < times; k++) cells.push(cell);
      }
    }
    return cells;
  }

  for (const track of tracks) {
    if (track.data.cells !== undefined) track.cells = readCells(track.data.cells);
    track.clock = track.data.clock === undefined ? null : clocks[track.data.clock];
  }

  const colour = (name) => getComputedStyle(root).getPropertyValue("--" + name).trim();
  const place = (time, width) => (time - data.from) / Math.max(1, data.to - data.from) * width;

  // 0 nothing sure, 1 up to half the limit, 2 up to the limit, 3 up to twice, 4 up to four times, 5.
  function level(cell, limit) {
    const low = cell[1] / 1000;
    if (low <= 0) return 0;
    return low <= limit / 2 ? 1 : low <= limit ? 2 : low <= 2 * limit ? 3 : low <= 4 * limit ? 4 : 5;
  }

  // Paper has a width of its own, of which nothing is known while the page is drawn for it: about
  // that of a track on A4. What is drawn is stretched to what it is.
  const paper = 390;
  const isPrinting = () => root.classList.contains("printing");
  const drawnWidth = (box) => isPrinting() ? paper : box.width;

  function fit(track) {
    const bounds = track.element.getBoundingClientRect();
    const box = { width: drawnWidth(bounds), height: bounds.height };
    const scale = Math.max(isPrinting() ? 2 : 1, window.devicePixelRatio || 1);
    const width = Math.max(1, Math.round(box.width * scale));
    const height = Math.max(1, Math.round(box.height * scale));
    if (track.canvas.width !== width) track.canvas.width = width;
    if (track.canvas.height !== height) track.canvas.height = height;
    const context = track.canvas.getContext("2d");
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, box.width, box.height);
    return { context, width: box.width, height: box.height, scale };
  }

  function drawMap(track, { context, width, height, scale }, colours) {
    context.fillStyle = colours.plot;
    context.fillRect(0, 0, width, height);
    // Several columns may share a pixel: the worst of them is seen.
    const pixels = Math.ceil(width * scale);
    const levels = new Int8Array(pixels).fill(-1);
    track.cells.forEach((cell, i) => {
      if (!cell) return;
      const from = Math.round(place(track.clock.left[i], pixels));
      const to = Math.max(from + 1, Math.round(place(track.clock.last[i], pixels)));
      const step = level(cell, track.data.limit);
      for (let x = from; x < to && x < pixels; x++) levels[x] = Math.max(levels[x], step);
    });
    for (let x = 0; x < pixels;) {
      let end = x + 1;
      while (end < pixels && levels[end] === levels[x]) end++;
      if (levels[x] >= 0) {
        context.fillStyle = colours.levels[levels[x]];
        context.fillRect(x / scale, 0, (end - x) / scale, height);
      }
      x = end;
    }
    context.fillStyle = colours.alarm;
    for (const [from, to] of track.data.spans || []) {
      const x = place(from, width);
      context.fillRect(x, height - 3, Math.max(2, place(to, width) - x), 3);
    }
  }

  // The times of a lane's alerts, each with its incident's number where there is room for it.
  function drawBands(bands, context, width, height, colours) {
    let end = -Infinity;
    context.textAlign = "left";
    for (const [from, to, number] of bands) {
      const x = place(from, width);
      context.fillStyle = colours.mark;
      context.fillRect(x, 0, Math.max(1, place(to, width) - x), height);
      const text = Math.min(x + 2, width - context.measureText(number).width - 1);
      if (text < end + 3) continue;
      context.fillStyle = colours.alarm;
      context.fillText(number, text, 8);
      end = text + context.measureText(number).width;
    }
  }

  // The interval of each point as an area, and the points: open while outcomes may still change them.
  function drawIntervals(one, clock, context, width, y, colours) {
    const at = (i) => Math.min(width - 4, place(clock.last[i], width));
    const known = one.least.flatMap((value, i) => value === null || one.from[i] === null ? [] : [i]);
    context.globalAlpha = 0.22;
    context.beginPath();
    known.forEach((i) => context.lineTo(at(i), y(one.to[i])));
    known.reverse().forEach((i) => context.lineTo(at(i), y(one.from[i])));
    context.fill();
    context.globalAlpha = 1;
    if (!one.known) return;
    one.least.forEach((value, i) => {
      if (value === null) return;
      context.beginPath();
      context.arc(at(i), y(value), 2.4, 0, 2 * Math.PI);
      context.fillStyle = one.final[i] ? context.strokeStyle : colours.plot;
      context.fill();
      context.lineWidth = 1.2;
      context.stroke();
    });
    context.fillStyle = context.strokeStyle;
  }

  // How lines after the second are told apart; MoneySection.swift has the same in words.
  const strokes = [[], [], [9, 4], [2, 3], [9, 3, 2, 3], [4, 3]];

  function drawLane(track, { context, width, height }, colours) {
    context.fillStyle = colours.plot;
    context.fillRect(0, 0, width, height);
    context.font = "11px " + getComputedStyle(document.body).fontFamily;
    context.textBaseline = "middle";
    drawBands(track.data.bands || [], context, width, height, colours);
    const { low, high, series, lines } = track.data;
    const bottom = height - 4;
    const y = (v) => bottom - (v - low) / (high - low || 1) * (bottom - 5);
    for (const [value, label] of lines || []) {
      context.strokeStyle = colours.reference;
      context.lineWidth = 1;
      context.setLineDash([3, 3]);
      context.beginPath();
      context.moveTo(0, y(value));
      context.lineTo(width, y(value));
      context.stroke();
      context.setLineDash([]);
      context.fillStyle = colours.soft;
      context.textAlign = "left";
      context.fillText(label, 4, Math.max(7, y(value) - 7));
    }
    series.forEach((one, order) => {
      const clock = clocks[one.clock];
      context.strokeStyle = order === 0 ? colours.window : colours.soft;
      context.fillStyle = context.strokeStyle;
      context.lineWidth = order === 0 ? 1.6 : 1.1;
      context.setLineDash(strokes[order] || []);
      context.beginPath();
      let pen = false;
      one.least.forEach((value, i) => {
        if (value === null) { pen = false; return; }
        const x = place(clock.last[i], width);
        const most = one.most ? one.most[i] : value;
        // A gap in the windows is a gap in the line.
        const gap = i > 0 && clock.left[i] > clock.last[i - 1];
        if (pen && !gap) context.lineTo(x, y(most)); else context.moveTo(x, y(most));
        if (most !== value) context.lineTo(x, y(value));
        pen = true;
      });
      context.stroke();
      context.setLineDash([]);
      if (one.from) drawIntervals(one, clock, context, width, y, colours);
      if (one.least.length === 1) {
        context.fillRect(place(clock.last[0], width) - 3, y(one.least[0]) - 1.5, 3, 3);
      }
    });
  }

  function drawSpans(track, { context, width, height }, colours) {
    context.fillStyle = colours.plot;
    context.fillRect(0, 0, width, height);
    for (const [from, to, isCritical] of track.data.spans) {
      const x = place(from, width);
      const w = Math.max(3, place(to, width) - x);
      context.fillStyle = colours.alarm;
      if (isCritical) context.fillRect(x, 3, w, height - 6);
      else context.fillRect(x, height / 2 - 2, w, 4);
    }
  }

  function draw() {
    const names = ["plot", "mark", "window", "reference", "soft", "ink", "alarm"];
    const colours = Object.fromEntries(names.map((name) => [name, colour(name)]));
    colours.levels = [0, 1, 2, 3, 4, 5].map((step) => colour("l" + step));
    for (const track of tracks) {
      const room = fit(track);
      if (track.cells) drawMap(track, room, colours);
      else if (track.data.series) drawLane(track, room, colours);
      else drawSpans(track, room, colours);
      if (cursor !== null) {
        room.context.fillStyle = colours.ink;
        room.context.fillRect(Math.min(room.width - 1, place(cursor, room.width)), 0, 1, room.height);
      }
    }
    document.querySelectorAll(".axis").forEach(drawAxis);
  }

  const minute = 60000, hour = 60 * minute, day = 24 * hour;
  const months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

  function drawAxis(axis) {
    const width = drawnWidth(axis.getBoundingClientRect());
    const room = (data.to - data.from) * 66 / Math.max(1, width);
    const steps = [minute, 5 * minute, 15 * minute, hour, 3 * hour, 6 * hour, 12 * hour, day, 2 * day,
      7 * day];
    const step = steps.find((candidate) => candidate >= room);
    const ticks = [];
    if (step) {
      // Weeks begin on Monday: the first day of 1970 was a Thursday.
      const shift = step === 7 * day ? 4 * day : 0;
      for (let t = Math.ceil((data.from - shift) / step) * step + shift; t < data.to; t += step) {
        ticks.push(t);
      }
    } else {
      const every = [1, 3, 12].find((count) => count * 30 * day >= room) || 12;
      const date = new Date(data.from);
      let month = date.getUTCFullYear() * 12 + date.getUTCMonth();
      for (month = Math.ceil(month / every) * every; ; month += every) {
        const t = Date.UTC(Math.floor(month / 12), month % 12, 1);
        if (t >= data.to) break;
        if (t >= data.from) ticks.push(t);
      }
    }
    axis.replaceChildren(...ticks.map((t, i) => {
      const date = new Date(t);
      const span = document.createElement("span");
      const time = date.toISOString().slice(11, 16);
      const name = date.getUTCDate() + " " + months[date.getUTCMonth()];
      const year = i === 0 || date.getUTCMonth() === 0 && date.getUTCDate() < 8;
      if (step && step < day) span.textContent = time === "00:00" || i === 0 ? name + " " + time : time;
      else if (step) span.textContent = name + (year && i === 0 ? " " + date.getUTCFullYear() : "");
      else span.textContent = months[date.getUTCMonth()] + (year ? " " + date.getUTCFullYear() : "");
      // A share of the width, so that it stays at its time however wide paper makes the axis.
      span.style.left = place(t, 100) + "%";
      return span;
    }));
    // A name that would be cut off is not written.
    ticks.forEach((t, i) => {
      const span = axis.children[i];
      if (place(t, width) + span.scrollWidth > width) span.textContent = "";
    });
  }

  function timeText(ms) {
    const text = new Date(ms).toISOString();
    return text.slice(11, 19) === "00:00:00" ? text.slice(0, 10)
      : text.slice(0, 10) + " " + text.slice(11, text.slice(17, 19) === "00" ? 16 : 19);
  }

  const group = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, ",");
  function number(value, unit) {
    if (unit === "s") {
      const size = Math.abs(value);
      const [factor, name] = size >= 86400 ? [1 / 86400, "days"] : size >= 7200 ? [1 / 3600, "hours"]
        : size >= 1 || size === 0 ? [1, "s"] : size >= 1e-3 ? [1e3, "ms"] : [1e6, "µs"];
      return Number((value * factor).toPrecision(4)) + " " + name;
    }
    if (unit === "share") return Number((value * 100).toPrecision(4)) + " %";
    const text = Number.isInteger(value) ? group(value) : String(value);
    return unit ? text + " " + unit : text;
  }

  const nearest = (clock, time) => {
    let i = clock.last.findIndex((end) => end >= time);
    return i < 0 ? clock.last.length - 1 : i;
  };

  function when(clock, i) {
    return clock.stretch === 1 || clock.first[i] === clock.last[i]
      ? "window to " + timeText(clock.last[i])
      : "worst of the windows to " + timeText(clock.first[i]) + " … " + timeText(clock.last[i]);
  }

  function say(track, i) {
    const clock = track.clock;
    if (track.cells) {
      const cell = track.cells[i];
      const n = clock.n[i];
      const count = n === undefined ? "" : "; " + (clock.stretch > 1 ? "at least " : "") + group(n) +
        " events";
      if (!cell) return when(clock, i) + ": no verdict" + count;
      const state = cell[1] / 1000 > track.data.limit ? "drifted" : "not beyond the limit";
      return `${when(clock, i)}: PSI ${(cell[0] / 1000).toFixed(3)}, at least ` +
        `${(cell[1] / 1000).toFixed(3)}, limit ${track.data.limit}: ${state}${count}`;
    }
    const time = clock.last[i];
    if (track.data.series) {
      const parts = track.data.series.map((one) => {
        const j = nearest(clocks[one.clock], time);
        const least = one.least[j];
        if (least === null || least === undefined) return one.label + " no value";
        const most = one.most ? one.most[j] : least;
        const n = one.n ? " (n " + (clocks[one.clock].stretch > 1 ? "≥ " : "") + group(one.n[j]) + ")"
          : "";
        return one.label + " " + number(least, track.data.unit) +
          (most !== least ? " to " + number(most, track.data.unit) : "") + n +
          (one.from && one.from[j] !== null ? ", 95 % " + one.from[j] + " to " + one.to[j] : "") +
          (one.known ? ", " + number(one.known[j], "share") + " known" +
            (one.final[j] ? ", final" : "") : "");
      });
      const { stretch } = clock;
      const fired = (track.data.bands || []).filter(([from, to]) => from <= time && time <= to)
        .map((band) => band[2] ? "incident " + band[2] : "an alert");
      if (fired.length) parts.push("fired: " + fired.join(", "));
      return (stretch > 1 ? "windows to " + timeText(clock.first[i]) + " … " + timeText(time)
        : "window to " + timeText(time)) + ": " + parts.join("; ");
    }
    const open = track.data.spans.filter(([from, to]) => from <= time && time <= to);
    return timeText(time) + ": " + (open.length ? open.map((span) => span[3]).join("; ")
      : "nothing fires");
  }

  function show(track, i) {
    const clock = track.clock;
    track.column = Math.max(0, Math.min(clock.last.length - 1, i));
    cursor = clock.last[track.column];
    const text = say(track, track.column);
    track.element.setAttribute("aria-valuenow", track.column);
    track.element.setAttribute("aria-valuetext", text);
    readout.textContent = track.label + ": " + text;
    requestAnimationFrame(draw);
  }

  for (const track of tracks) {
    const { element, clock } = track;
    if (!clock || clock.last.length === 0) continue;
    const columnAt = (event) => {
      const box = element.getBoundingClientRect();
      return nearest(clock, data.from + (event.clientX - box.left) / box.width *
        (data.to - data.from));
    };
    element.addEventListener("pointermove", (event) => show(track, columnAt(event)));
    element.addEventListener("pointerdown", (event) => show(track, columnAt(event)));
    element.addEventListener("focus", () => {
      if (element.matches(":focus-visible")) {
        show(track, cursor === null ? clock.last.length - 1 : nearest(clock, cursor));
      }
    });
    element.addEventListener("keydown", (event) => {
      const here = track.column ?? clock.last.length - 1;
      const page = Math.max(1, Math.round(clock.last.length / 10));
      const moves = { ArrowLeft: here - 1, ArrowRight: here + 1, PageUp: here - page,
        PageDown: here + page, Home: 0, End: clock.last.length - 1 };
      const rows = { ArrowUp: -1, ArrowDown: 1 };
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      if (event.key in moves) show(track, moves[event.key]);
      else if (event.key in rows) tracks[track.index + rows[event.key]]?.element.focus();
      else return;
      event.preventDefault();
    });
  }

  let open = [];
  window.addEventListener("beforeprint", () => {
    root.classList.add("printing");
    open = [...document.querySelectorAll("details:not([open])")];
    for (const details of open) details.open = true;
    cursor = null;
    draw();
  });
  window.addEventListener("afterprint", () => {
    root.classList.remove("printing");
    for (const details of open) details.open = false;
    draw();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  new ResizeObserver(draw).observe(document.querySelector("main"));
  draw();
})();
