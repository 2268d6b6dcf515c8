/// Statements with variables of their own: a loop's, a macro's, a block's.
struct Body: Sendable {
    /// The number of the body in its template; the template itself is 0.
    let frame: Int
    let statements: [Statement]
}
