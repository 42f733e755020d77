// Offers each chart as a live one. The library is fetched when it is first
// wanted: a reader of pictures and tables needs none of it.
(function () {
  'use strict';
  var own = document.currentScript, loading = null;

  function load(address) {
    return new Promise(function (resolve, reject) {
      var script = document.createElement('script');
      script.src = address;
      script.onload = resolve;
      script.onerror = reject;
      document.head.appendChild(script);
    });
  }

  function library() {
    loading = loading || Promise.all([load(own.dataset.echarts), load(own.dataset.functions)]);
    return loading;
  }

  function enliven(drawing) {
    var options = heatledgerChart.resolve(JSON.parse(drawing.querySelector('script').textContent));
    var stage = document.createElement('div');
    stage.className = 'live';
    drawing.replaceChildren(stage);
    var chart = echarts.init(stage, null, { renderer: 'svg' });
    chart.setOption(options);
    window.addEventListener('resize', function () { chart.resize(); });
  }

  document.addEventListener('DOMContentLoaded', function () {
    document.querySelectorAll('figure.chart').forEach(function (figure) {
      var button = figure.querySelector('[data-live]'), drawing = figure.querySelector('[data-chart]');
      button.hidden = false;
      button.addEventListener('click', function () {
        library().then(function () {
          enliven(drawing);
          button.hidden = true;
        });
      });
    });
  });
})();
