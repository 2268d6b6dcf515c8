import ArgumentParser

/// The flags that a model of the list may have.
struct ModelOptions: ParsableArguments {
    @OptionGroup var engine: EngineOptions
    @OptionGroup var limits: LimitOptions
}
