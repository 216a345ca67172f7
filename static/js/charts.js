/* Draws the Plotly figures that pages carry as JSON. Each has its table beside it, so a page whose
   script does not run loses nothing. Plotly is fetched once a figure comes near the window. */
(function () {
  "use strict";

  const SEPARATORS = { fr: ",\u202f", nl: ",.", en: ".," };
  const CONFIG = { displayModeBar: false, responsive: true, showTips: false, doubleClick: false };
  let library = null;

  function loadPlotly(address) {
    library = library || new Promise(function (resolve, reject) {
      const script = document.createElement("script");
      script.src = address;
      script.onload = function () { resolve(window.Plotly); };
      script.onerror = reject;
      document.head.append(script);
    });
    return library;
  }

  function token(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }

  function axis(own) {
    const base = { fixedrange: true, automargin: true, gridcolor: token("--line"), zeroline: false };
    return Object.assign(base, { linecolor: token("--ink"), tickcolor: token("--line") }, own);
  }

  /* The look of the portal under what the server asked for; what the server says wins. */
  function layoutFor(own) {
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const base = {
      autosize: true,
      colorway: ["--blue", "--cyan", "--red", "--green", "--grey"].map(token),
      font: { family: getComputedStyle(document.body).fontFamily, size: 14, color: token("--ink") },
      hoverlabel: { font: { family: getComputedStyle(document.body).fontFamily } },
      hovermode: "closest",
      legend: { orientation: "h", x: 0, y: -0.18 },
      margin: { l: 8, r: 16, t: 12, b: 8 },
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      separators: SEPARATORS[document.documentElement.lang] || SEPARATORS.en,
    };
    const legend = Object.assign(base.legend, own.legend);
    const layout = Object.assign(base, own, { dragmode: false, legend: legend });
    layout.xaxis = axis(layout.xaxis);
    layout.yaxis = axis(layout.yaxis);
    if (still) { layout.transition = { duration: 0 }; }
    delete layout.template;
    delete layout.height; // the canvas has it, see reserve()
    return layout;
  }

  /* Gives a figure that asks for a height of its own that place before it is drawn. */
  function reserve(canvas) {
    const layout = JSON.parse(document.getElementById(canvas.dataset.chart).textContent).layout;
    const small = canvas.closest(".chart-small");
    if (layout.height && !small) { canvas.style.height = layout.height + "px"; }
    canvas.hidden = false;
  }

  async function draw(canvas) {
    const source = document.getElementById(canvas.dataset.chart);
    const figure = JSON.parse(source.textContent);
    try {
      const plotly = await loadPlotly(canvas.dataset.plotly);
      await plotly.newPlot(canvas, figure.data, layoutFor(figure.layout), CONFIG);
      canvas.dataset.drawn = "yes";
    } catch (error) {
      canvas.hidden = true; // the table says it all
      throw error;
    }
  }

  function watch(canvases) {
    const observer = new IntersectionObserver(function (entries) {
      entries.filter(function (entry) { return entry.isIntersecting; }).forEach(function (entry) {
        observer.unobserve(entry.target);
        draw(entry.target);
      });
    }, { rootMargin: "400px" });
    canvases.forEach(function (canvas) {
      reserve(canvas);
      observer.observe(canvas);
    });
  }

  /* Paper has no window to scroll: draw what was not reached yet. */
  function drawRest() {
    document.querySelectorAll("[data-chart]:not([data-drawn])").forEach(draw);
  }

  watch(document.querySelectorAll("[data-chart]"));
  window.addEventListener("beforeprint", drawRest);
  document.addEventListener("htmx:load", function (event) {
    watch(event.detail.elt.querySelectorAll("[data-chart]:not([data-drawn])"));
  });
})();

/* The image of a figure that the server draws, as PNG: painted here, twice as fine. */
(function () {
  "use strict";

  const FINER = 2;

  function save(canvas, name) {
    canvas.toBlob(function (blob) {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(blob);
      link.download = name;
      link.click();
      URL.revokeObjectURL(link.href);
    }, "image/png");
  }

  function paint(address, name) {
    const image = new Image();
    image.onload = function () {
      const canvas = document.createElement("canvas");
      canvas.width = image.naturalWidth * FINER;
      canvas.height = image.naturalHeight * FINER;
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      save(canvas, name);
    };
    image.src = address;
  }

  document.querySelectorAll("[data-png]").forEach(function (offer) {
    offer.hidden = false;
    offer.querySelector("button").addEventListener("click", function () {
      paint(offer.dataset.png, offer.dataset.name);
    });
  });
})();
