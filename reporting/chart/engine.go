package chart

import (
	"context"
	"fmt"
	"sync"

	"github.com/dop251/goja"
)

// stage is what ECharts expects of the world around it, and the one function
// we call. There are no timers: a static picture waits for nothing.
const stage = `
var self = globalThis, setTimeout = function () { return 0; }, clearTimeout = function () {};
`

const performance = `
echarts.setPlatformAPI({ measureText: function (text, font) { return { width: textWidth(String(text), String(font)) }; } });
function draw(text, width, height) {
	var chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: width, height: height });
	try {
		chart.setOption(heatledgerChart.resolve(JSON.parse(text)));
		return chart.renderToSVGString();
	} finally {
		chart.dispose();
	}
}
`

// compile reads the scripts once for all engines.
func compile() ([]*goja.Program, error) {
	var programs []*goja.Program
	for _, script := range []struct{ name, text string }{
		{"stage.js", stage}, {"echarts.min.js", ECharts}, {"functions.js", Functions}, {"performance.js", performance},
	} {
		program, err := goja.Compile(script.name, script.text, false)
		if err != nil {
			return nil, fmt.Errorf("compile %s: %w", script.name, err)
		}
		programs = append(programs, program)
	}
	return programs, nil
}

// engine is a JavaScript engine with ECharts in it, for one goroutine at a time.
type engine struct {
	vm   *goja.Runtime
	call func(text string, width, height int) (string, error)
}

func newEngine(programs []*goja.Program) (*engine, error) {
	vm := goja.New()
	if err := vm.Set("textWidth", measure); err != nil {
		return nil, fmt.Errorf("prepare the engine: %w", err)
	}
	for _, program := range programs {
		if _, err := vm.RunProgram(program); err != nil {
			return nil, fmt.Errorf("prepare the engine: %w", err)
		}
	}
	e := &engine{vm: vm}
	if err := vm.ExportTo(vm.Get("draw"), &e.call); err != nil {
		return nil, fmt.Errorf("prepare the engine: %w", err)
	}
	return e, nil
}

// draw runs the script until it ends, ctx does, or patience does.
func (e *engine) draw(ctx context.Context, options string, size Size) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var guard sync.WaitGroup
	guard.Add(1)
	// A guard that fires late would stop the next chart: it is waited for.
	stop := context.AfterFunc(ctx, func() {
		defer guard.Done()
		e.vm.Interrupt(ctx.Err())
	})
	svg, err := e.call(options, size.Width, size.Height)
	if !stop() {
		guard.Wait()
		e.vm.ClearInterrupt()
	}
	return svg, err
}
