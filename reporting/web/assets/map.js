// Moves and enlarges a map that is there without it: the same drawing, seen through a
// smaller window. Buttons, the keyboard (arrows, + and −, 0 for all of it), dragging,
// two fingers; the wheel only with Ctrl, so that it does not hold up the page.
(function () {
  'use strict';
  var deepest = 24; // times

  function enliven(stage) {
    var sheet = stage.querySelector('svg[data-map]'), bar = stage.querySelector('[data-bar]');
    if (!sheet) { return; }
    var whole = sheet.viewBox.baseVal, width = whole.width, height = whole.height;
    var view = { x: 0, y: 0, times: 1 }, touches = new Map(), apart = 0;

    function show() {
      view.times = Math.min(deepest, Math.max(1, view.times));
      var w = width / view.times, h = height / view.times;
      view.x = Math.min(width - w, Math.max(0, view.x));
      view.y = Math.min(height - h, Math.max(0, view.y));
      sheet.setAttribute('viewBox', [view.x, view.y, w, h].join(' '));
      sheet.style.setProperty('--times', String(view.times)); // marks and names keep their size
      stage.classList.toggle('near', view.times > 1);
      if (bar) { bar.setAttribute('visibility', view.times > 1 ? 'hidden' : 'visible'); }
      stage.querySelector('[data-move="out"]').disabled = view.times === 1;
      stage.querySelector('[data-move="all"]').disabled = view.times === 1;
    }

    // zoom keeps the place at a share of the window where it is.
    function zoom(by, left, top) {
      var times = Math.min(deepest, Math.max(1, view.times * by));
      view.x += width / view.times * left - width / times * left;
      view.y += height / view.times * top - height / times * top;
      view.times = times;
      show();
    }

    function move(right, down) {
      view.x += right * width / view.times;
      view.y += down * height / view.times;
      show();
    }

    var moves = {
      'in': function () { zoom(1.6, 0.5, 0.5); }, out: function () { zoom(1 / 1.6, 0.5, 0.5); },
      all: function () { view = { x: 0, y: 0, times: 1 }; show(); },
      left: function () { move(-0.2, 0); }, right: function () { move(0.2, 0); }, up: function () { move(0, -0.2); }, down: function () { move(0, 0.2); }
    };
    var keys = { '+': 'in', '=': 'in', '-': 'out', '0': 'all', ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' };

    stage.querySelectorAll('[data-move]').forEach(function (button) {
      button.addEventListener('click', moves[button.dataset.move]);
    });
    stage.querySelector('[data-moves]').hidden = false;

    var window_ = stage.querySelector('[data-window]');
    window_.tabIndex = 0;
    window_.addEventListener('keydown', function (event) {
      var name = keys[event.key];
      if (!name || event.ctrlKey || event.metaKey || event.altKey) { return; }
      event.preventDefault();
      moves[name]();
    });

    function place(event) {
      var box = sheet.getBoundingClientRect();
      return { left: (event.clientX - box.left) / box.width, top: (event.clientY - box.top) / box.height, width: box.width, height: box.height };
    }
    sheet.addEventListener('wheel', function (event) {
      if (!event.ctrlKey) { return; }
      event.preventDefault();
      var at = place(event);
      zoom(event.deltaY < 0 ? 1.25 : 0.8, at.left, at.top);
    }, { passive: false });
    sheet.addEventListener('pointerdown', function (event) {
      touches.set(event.pointerId, event);
      apart = 0;
    });
    sheet.addEventListener('pointermove', function (event) {
      var before = touches.get(event.pointerId);
      if (!before || view.times === 1 && touches.size === 1) { return; }
      var from = place(before), to = place(event);
      touches.set(event.pointerId, event);
      if (touches.size === 1) {
        move(from.left - to.left, from.top - to.top);
        return;
      }
      var two = Array.from(touches.values()), gap = Math.hypot(two[0].clientX - two[1].clientX, two[0].clientY - two[1].clientY);
      if (apart > 0 && gap > 0) { zoom(gap / apart, to.left, to.top); }
      apart = gap;
    });
    ['pointerup', 'pointercancel', 'pointerleave'].forEach(function (name) {
      sheet.addEventListener(name, function (event) { touches.delete(event.pointerId); apart = 0; });
    });
    // What is reached by keyboard is brought into the window.
    sheet.addEventListener('focusin', function (event) {
      var mark = event.target.closest('[data-at]');
      if (!mark || view.times === 1) { return; }
      var at = mark.dataset.at.split(' ').map(Number), w = width / view.times, h = height / view.times;
      if (at[0] < view.x || at[0] > view.x + w || at[1] < view.y || at[1] > view.y + h) {
        view.x = at[0] - w / 2;
        view.y = at[1] - h / 2;
        show();
      }
    });
    show();
  }

  document.addEventListener('DOMContentLoaded', function () {
    document.querySelectorAll('[data-stage]').forEach(enliven);
  });
})();
