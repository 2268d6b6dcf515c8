package import MartletExecutor
package import MartletScheduling

/// What an engine runs on: the product of loading, and what a test can put together by hand.
package struct EngineParts {
    package let model: ServedModel
    package let scheduler: Scheduler
    package let executor: any StepExecutor

    package init(model: ServedModel, scheduler: Scheduler, executor: any StepExecutor) {
        self.model = model
        self.scheduler = scheduler
        self.executor = executor
    }
}
