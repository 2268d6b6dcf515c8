import CMartletKernels

/// The name of a thread, as tools that list threads show it.
package enum ThreadName {
    /// Names the thread that calls. Linux refuses names of more than 15 bytes.
    package static func set(_ name: String) {
        martlet_thread_name(name)
    }
}
