import Foundation

/// The model that ships inside the package, so that Martlet answers without any download.
///
/// A Llama-shaped decoder of 2.9 million parameters in bfloat16 with its own tokenizer and chat
/// template. What it knows, and how well, is in the `README.md` beside its weights; the script that
/// trains it is `Tools/demo-model/train.py`.
public enum DemoModel {
    /// The name the model is served under when the user gives none.
    public static let name = "martlet-demo"

    /// The directory of the checkpoint: `config.json`, `generation_config.json`,
    /// `model.safetensors`, `tokenizer.json` and `tokenizer_config.json`.
    public static var directory: String {
        let bundle = Bundle.module
        return (bundle.resourcePath ?? bundle.bundlePath) + "/DemoModel"
    }
}
