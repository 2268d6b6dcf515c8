import Testing
import martlet

@Suite struct ConfigurationFileTests {
    private func file(_ text: String) throws -> ConfigurationFile {
        try ConfigurationFile(text: text, path: "c.yaml")
    }

    @Test func `keys are flags, with dashes or underscores`() throws {
        let file = try file(
            """
            port: 8080
            max-num-seqs: 4k
            kv_cache_memory_bytes: 2GiB
            enable_prefix_caching: false
            enable_request_id_headers: true
            allow_credentials: no
            served_model_name: [a, b]
            allowed_origins: ["http://a", "http://b"]
            chat_template: "-{{ messages }}"
            tensor-parallel-size: 1
            seed: ~
            """)
        #expect(
            file.expand([]) == [
                "--port=8080", "--max-num-seqs=4k", "--kv-cache-memory-bytes=2GiB",
                "--no-enable-prefix-caching", "--enable-request-id-headers",
                "--served-model-name=a", "--served-model-name=b",
                #"--allowed-origins=["http://a","http://b"]"#,
                "--chat-template=-{{ messages }}", "--tensor-parallel-size=1",
            ])
    }

    @Test func `the command line has the last word`() throws {
        let file = try file(
            """
            model: /m
            port: 8080
            max_num_queued_reqs: 5
            served_model_name: [a]
            enable_prefix_caching: false
            host: h
            """)
        let given = [
            "--port", "1", "--max-queue-size=7", "--served-model-name", "x", "y",
            "--enable-prefix-caching", "--model", "/n",
        ]
        #expect(file.expand(given) == ["--host=h"] + given)
        #expect(file.expand(["/n", "--host", "i"]).contains("--model=/m") == false)
        #expect(file.expand(["--host", "i"]).first == "--model=/m")
    }

    @Test func `an empty file says nothing`() throws {
        #expect(try file("").expand(["--port", "1"]) == ["--port", "1"])
        #expect(try file("# nothing\n").models.isEmpty)
    }

    @Test(arguments: [
        ("port: 1\nprot: 2", "prot", "no such setting"),
        ("help: true", "help", "no such setting"),
        ("config: other.yaml", "config", "another"),
        ("port: {a: 1}", "port", "single value"),
        ("served_model_name: [[a]]", "served_model_name", "single value"),
        ("enable_prefix_caching: 7", "enable_prefix_caching", "true or false"),
        ("port: many", nil, "--port"),
        ("max_num_seqs: 0", nil, "--max-num-seqs must be at least 1"),
        ("reject_status: 500", nil, "--reject-status"),
        ("quantization: awq", nil, "int4-g64"),
        ("models: [{model: a, quantization: int3}]", "models[0]", "int4-g64"),
        ("- port", nil, "mapping"),
        ("port: [", nil, "YAML"),
        ("models: 1", "models", "list"),
        ("models: [1]", "models[0]", "mapping"),
        ("models: [{load: lazy}]", "models[0].model", "missing"),
        ("models: [{model: a, load: late}]", "models[0].load", "eager or lazy"),
        ("models: [{model: a}, {model: b, pinned: 7}]", "models[1].pinned", "true or false"),
        ("models: [{model: a, keep_alive: soon}]", "models[0].keep_alive", "seconds"),
        ("models: [{model: a, port: 1}]", "models[0].port", "no such setting"),
        ("models: [{model: a, max_num_seqs: 0}]", "models[0]", "--max-num-seqs"),
        ("model: a\nmodels: [{model: b}]", "model", "models"),
    ])
    func `what is wrong is named with its file and key`(
        _ text: String, _ key: String?, _ reason: String
    ) {
        let error = #expect(throws: ConfigurationError.self) { try file(text) }
        #expect(error?.file == "c.yaml")
        #expect(error?.key == key)
        #expect(error?.reason.contains(reason) == true, "\(String(describing: error))")
    }

    @Test func `a file that is not there is named`() {
        #expect(throws: ConfigurationError.self) { try ConfigurationFile(path: "/no/such.yaml") }
    }

    @Test func `models are listed with their own flags`() throws {
        let file = try file(
            """
            max_num_seqs: 8
            models:
              - model: /small
                served_model_name: [s, small]
                pinned: true
              - model: /large
                served-model-name: l
                load: lazy
                keep_alive: 10m
                dtype: float16
              - model: /idle
                keep_alive: -1
                quantization: int4-g64
            """)
        #expect(file.models.map(\.model) == ["/small", "/large", "/idle"])
        #expect(file.models.map(\.servedNames) == [["s", "small"], ["l"], []])
        #expect(file.models.map(\.isPinned) == [true, false, false])
        #expect(file.models.map(\.loading) == [nil, .lazy, nil])
        #expect(file.models.map(\.keepAlive) == [nil, .seconds(600), nil])
        let flags = file.models.map { file.arguments(for: $0, commandLine: []) }
        #expect(
            flags == [
                ["--max-num-seqs=8"], ["--max-num-seqs=8", "--dtype=float16"],
                ["--max-num-seqs=8", "--quantization=int4-g64"],
            ])
        #expect(
            file.arguments(
                for: file.models[1], commandLine: ["--dtype", "float32", "--port", "1"])
                == ["--max-num-seqs=8", "--dtype", "float32"])
    }
}
