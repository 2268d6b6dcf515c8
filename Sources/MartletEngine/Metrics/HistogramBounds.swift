/// The bounds of vLLM's histograms, which dashboards expect.
enum HistogramBounds {
    static let timeToFirstToken: [Double] = [
        0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20,
        40, 80, 160, 640, 2560,
    ]
    static let interTokenLatency: [Double] = [
        0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40,
        80,
    ]
    static let latency: [Double] = [
        0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960, 1920,
        7680,
    ]
    static let iterationTokens: [Double] = [
        1, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384,
    ]
    static let choices: [Double] = [1, 2, 5, 10, 20]
    static let preemptions: [Double] = [1, 2, 3, 4, 5, 10, 20]
    static let stepDuration: [Double] = [
        0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50,
    ]

    /// 1, 2, 5, 10, 20, 50 and so on, beyond every model's context. What is told of them ends with
    /// the context of the model.
    static let tokens: [Double] = [1.0, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7].flatMap { decade in
        [decade, 2 * decade, 5 * decade]
    }
}
