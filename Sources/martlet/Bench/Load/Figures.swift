extension Duration {
    /// The duration in seconds.
    package var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}

extension Double {
    /// The value with this many decimals at most.
    package func rounded(to decimals: Int) -> Double {
        let scale = (0..<decimals).reduce(1.0) { scale, _ in scale * 10 }
        return (self * scale).rounded() / scale
    }
}

extension Int {
    /// A number of bytes in MiB, for people.
    package var mebibytes: String {
        "\((Double(self) / 1_048_576).rounded(to: 1)) MiB"
    }
}
