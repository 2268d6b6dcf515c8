import MartletEngine
import Testing

@Suite struct PrometheusTextTests {
    @Test func `what belongs to one metric stands together and is explained once`() {
        var text = PrometheusText()
        for (model, value) in [("a", 1.0), ("b", 2.5)] {
            let labels = PrometheusLabels(modelName: model)
            text.gauge("running", "Sequences.", labels, value)
            text.counter("tokens", "Tokens.", labels, 1 << 40)
        }
        #expect(
            text.text == """
                # HELP running Sequences.
                # TYPE running gauge
                running{engine="0",model_name="a"} 1.0
                running{engine="0",model_name="b"} 2.5
                # HELP tokens_total Tokens.
                # TYPE tokens_total counter
                tokens_total{engine="0",model_name="a"} 1099511627776.0
                tokens_total{engine="0",model_name="b"} 1099511627776.0

                """)
    }

    @Test func `buckets are cumulative and the bound stands in its place`() {
        var histogram = Histogram(bounds: [0.001, 2.5, 1000])
        for value in [0.5, 1, 2, 5000] { histogram.observe(value) }
        var text = PrometheusText()
        text.histogram("seconds", "Times.", PrometheusLabels(modelName: "m"), histogram)
        #expect(
            text.text == """
                # HELP seconds Times.
                # TYPE seconds histogram
                seconds_bucket{engine="0",le="0.001",model_name="m"} 0.0
                seconds_bucket{engine="0",le="2.5",model_name="m"} 3.0
                seconds_bucket{engine="0",le="1000.0",model_name="m"} 3.0
                seconds_bucket{engine="0",le="+Inf",model_name="m"} 4.0
                seconds_count{engine="0",model_name="m"} 4.0
                seconds_sum{engine="0",model_name="m"} 5003.5

                """)
    }

    @Test func `a histogram needs no labels`() {
        var text = PrometheusText()
        text.histogram("x", "X.", PrometheusLabels(), Histogram(bounds: [1]))
        #expect(
            text.text == """
                # HELP x X.
                # TYPE x histogram
                x_bucket{le="1.0"} 0.0
                x_bucket{le="+Inf"} 0.0
                x_count 0.0
                x_sum 0.0

                """)
    }

    @Test func `labels and explanations are escaped`() {
        var text = PrometheusText()
        text.gauge(
            "x", "a\\b\nc \"d\"", PrometheusLabels(["path": "C:\\new\n\"é\""]), -.infinity)
        text.gauge("x", "", PrometheusLabels(), .nan)
        #expect(
            text.text == #"""
                # HELP x a\\b\nc "d"
                # TYPE x gauge
                x{path="C:\\new\n\"é\""} -Inf
                x NaN

                """#)
    }

    @Test func `the same facts are not repeated`() {
        var text = PrometheusText()
        for size in ["16", "16", "32"] {
            text.info("config_info", "Facts.", PrometheusLabels(["size": size]))
        }
        #expect(
            text.text == """
                # HELP config_info Facts.
                # TYPE config_info gauge
                config_info{size="16"} 1.0
                config_info{size="32"} 1.0

                """)
    }

    @Test func `a counter that is named a total keeps its name`() {
        var text = PrometheusText()
        text.counter("x_total", "X.", PrometheusLabels(), 3)
        #expect(text.text == "# HELP x_total X.\n# TYPE x_total counter\nx_total 3.0\n")
    }
}
