// The functions that chart options name ("@f:month"), for the browser and for
// the engine in Go alike. No Intl, no DOM: neither is there in Go.
(function (root) {
  'use strict';
  var months = {
    de: ['Jan', 'Feb', 'Mär', 'Apr', 'Mai', 'Jun', 'Jul', 'Aug', 'Sep', 'Okt', 'Nov', 'Dez'],
    en: ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
  };

  function number(value, lang) {
    if (value === null || value === undefined || value === '-' || value !== value) { return '–'; }
    var v = Math.abs(value);
    var text = String(v >= 100 ? Math.round(v) : parseFloat(v.toPrecision(3)));
    var parts = text.split('.');
    var group = lang === 'de' ? '.' : ',';
    var whole = parts[0].replace(/\B(?=(\d{3})+(?!\d))/g, group);
    return (value < 0 ? '−' : '') + whole + (parts[1] ? (lang === 'de' ? ',' : '.') + parts[1] : '');
  }

  // Each maker gets the language, the argument behind the name, and the object
  // that names the function.
  var makers = {
    number: function (lang) { return function (v) { return number(v, lang); }; },
    value: function (lang, unit) { return function (v) { return number(v, lang) + (unit ? ' ' + unit : ''); }; },
    clock: function () { return function (v) { return (v < 10 ? '0' : '') + v + ':00'; }; },

    names: function () { return function (v) { return v; }; },
    namesShown: function () { return function () { return true; }; },
    months: function (lang) { return function (v) { return months[lang][+v.slice(5, 7) - 1]; }; },
    monthsShown: function () { return function () { return true; }; },
    year: function (lang) { return function (v) { return months[lang][+v.slice(5, 7) - 1]; }; },
    yearShown: function () { return function (i, v) { return v.slice(8, 10) === '01'; }; },
    month: function (lang) { return function (v) { return +v.slice(8, 10) + (lang === 'de' ? '.' : ''); }; },
    monthShown: function () { return function (i, v) { return (v.length < 11 || v.slice(11) === '00:00') && +v.slice(8, 10) % 5 === 1; }; },
    day: function () { return function (v) { return v.slice(11, 16); }; },
    dayShown: function () { return function (i, v) { return v.slice(14, 16) === '00' && +v.slice(11, 13) % 3 === 0; }; },

    // A carpet's series is one path over all cells of its colour.
    carpet: function (lang, arg, series) {
      return function (params, api) {
        var path = [], runs = series.runs;
        var band = api.size([1, 0])[0];
        for (var i = 0; i < runs.length; i += 3) {
          var left = api.coord([runs[i], runs[i + 1]]), top = api.coord([runs[i], runs[i + 2]])[1];
          var x = Math.round(left[0] - band / 2), end = Math.round(left[0] + band / 2);
          path.push('M' + x + ' ' + Math.round(top) + 'H' + end + 'V' + Math.round(left[1]) + 'H' + x + 'Z');
        }
        var style = { fill: series.itemStyle.color };
        if (series.hatched) {
          style.decal = { symbol: 'rect', rotation: -Math.PI / 4, dashArrayX: [1, 0], dashArrayY: [2, 4], color: '#4b5560' };
        }
        return { type: 'path', shape: { pathData: path.join('') }, style: style };
      };
    }
  };

  // resolve gives a copy of options with functions in place of their names.
  function resolve(node, lang, owner) {
    if (typeof node === 'string' && node.slice(0, 3) === '@f:') {
      var words = node.slice(3).split(':');
      return makers[words[0]](lang, words[1], owner);
    }
    if (Array.isArray(node)) { return node.map(function (item) { return resolve(item, lang, owner); }); }
    if (node === null || typeof node !== 'object') { return node; }
    var copy = {};
    Object.keys(node).forEach(function (key) { copy[key] = resolve(node[key], lang, node); });
    return copy;
  }

  root.heatledgerChart = { resolve: function (options) { return resolve(options, options.lang, options); } };
})(typeof globalThis === 'undefined' ? this : globalThis);
