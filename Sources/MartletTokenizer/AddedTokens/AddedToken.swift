/// A token that is found in the text as it stands, before the model sees it.
struct AddedToken: Sendable {
    var content: String
    /// Special tokens control the model and are left out of text meant for people.
    var isSpecial = false
    /// Whether it counts only where no word character touches it.
    var isSingleWord = false
    /// Whether it takes the white space on its left, or right, with it.
    var stripsLeft = false
    var stripsRight = false
    /// Whether it is looked for in the normalized text, in its normalized form.
    var isNormalized = false
}
