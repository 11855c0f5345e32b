# 随查 Suicha. Needs Python 3.11 or newer with venv, and make; everything else is fetched.
#   make run      the product, with a demo county, at http://127.0.0.1:8000
#   make test     everything that is checked before a change lands
SHELL := /bin/sh
.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:

BIN := .venv/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)
export UV_LINK_MODE := copy
# Whoever forbids it lets every process the tests start compile the product anew.
export PYTHONDONTWRITEBYTECODE :=
# npm's wrapper in the venv starts this Node, whatever else the machine has
NPM := cd pwa && npm --no-update-notifier

# another port: make run PORT=8080
PORT ?=
# more for pytest: make test-py PYTEST_ARGS='tests/unit -k calendar'
PYTEST_ARGS ?=

# A stamp is newer than what it was made from. A tree that moved makes its venv again.
VENV := .venv/.base
RUNTIME := .venv/.runtime
DEV := .venv/.dev
MODULES := pwa/node_modules/.ok
BUILD := pwa/static/build/.ok
LIGHTHOUSE := tools/lighthouse/node_modules/.ok

ifneq ($(wildcard .venv/.path),)
ifneq ($(shell cat .venv/.path),$(CURDIR))
.PHONY: $(VENV)
endif
endif

##@ 使用 Use

.PHONY: run
run: $(RUNTIME) $(BUILD) ## 安装并启动，数据保留 | set up and serve at 127.0.0.1:8000, keeping the data
	@$(if $(PORT),SUICHA_PORT=$(PORT)) $(BIN)/suicha setup
	@$(if $(PORT),SUICHA_PORT=$(PORT)) exec $(BIN)/suicha run

.PHONY: phone
phone: $(RUNTIME) $(BUILD) ## 供手机使用：办公网络、HTTPS、二维码 | for phones on the office network: HTTPS, QR code
	@$(BIN)/suicha setup
	@exec $(BIN)/suicha phone $(if $(PORT),--port $(PORT))

.PHONY: setup
setup: $(RUNTIME) $(BUILD) ## 只安装，不启动 | set up without serving
	@$(BIN)/suicha setup

.PHONY: install
install: $(RUNTIME) $(BUILD) ## 只装程序，不建数据 | the program alone; then: suicha county create

.PHONY: demo-reset
demo-reset: $(RUNTIME) ## 清空演示数据重来 | throw away var/ and load a fresh demo county
	@[ -z "$$SUICHA_HOME$$SUICHA_DATABASE_URL" ] || { echo "✗ SUICHA_HOME 或 SUICHA_DATABASE_URL 已设置：不删除 | is set: nothing is thrown away" >&2; exit 1; }
	rm -rf var
	@$(BIN)/suicha setup

##@ 检查 Check

.PHONY: test
test: check sysdeps test-pwa test-py ## 全部检查与测试 | every check and test, quick things first

# mypy reads for as long as eslint and vue-tsc together, and none of them uses two processors.
.PHONY: check
check: lint-py $(MODULES) ## 只做静态检查 | lint and types only
	@$(MAKE) --no-print-directory types-py & types=$$!; \
	  $(MAKE) --no-print-directory lint-pwa; pwa=$$?; wait $$types && exit $$pwa

.PHONY: lint-py
lint-py: $(DEV) ## ruff
	@echo "── ruff"
	@ruff check --quiet . && ruff format --check .

.PHONY: types-py
types-py: $(DEV) ## mypy
	@echo "── mypy"
	@mypy

.PHONY: lint-pwa
lint-pwa: $(MODULES) ## eslint, vue-tsc
	@echo "── eslint, vue-tsc"
	@$(NPM) run --silent lint
	@$(NPM) run --silent check

.PHONY: test-pwa
test-pwa: $(MODULES) $(BUILD) ## vitest, of what is built, too
	@echo "── vitest"
	@$(NPM) run --silent test

# File by file: what a file shares is made once. In the order of tests/order.py: browsers, which wait
# a lot, beside what computes; the many quick ones last, so that all end together.
TOGETHER := -n 4 --dist loadfile --no-loadscope-reorder

.PHONY: test-py
test-py: $(DEV) $(BUILD) ## pytest
	@echo "── pytest"
	@pytest $(TOGETHER) -m "not soak" $(PYTEST_ARGS)

.PHONY: soak
soak: $(DEV) $(BUILD) sysdeps ## 长时间测试 | the long runs, not part of test; SOAK_PHONES, SOAK_MINUTES, SOAK_SEED, SOAK_PUBLISH=1
	@pytest -m soak -s $(PYTEST_ARGS)

.PHONY: reliability
reliability: $(DEV) $(BUILD) sysdeps ## 重写 docs/reliability.md | run the tests marked with what they prove and write the page
	@mkdir -p test-results
	@pytest $(TOGETHER) -m "proves and not soak" --proofs=test-results/proofs.json $(PYTEST_ARGS)
	@$(NPM) run --silent test -- --reporter=json --outputFile=../test-results/vitest.json
	@$(BIN)/python -m tests.reliability

.PHONY: bench
bench: $(DEV) $(BUILD) ## 性能测量，输出 JSON | measure the server and the phone; one JSON document
	@$(BIN)/python -m bench $(BENCH_ARGS)

.PHONY: lighthouse
lighthouse: $(DEV) $(BUILD) $(LIGHTHOUSE) sysdeps ## Lighthouse 评分，各项 ≥ 95 | marks of the field app's shell, 95 or more each
	@$(BIN)/python -m bench.lighthouse

.PHONY: screenshots
screenshots: $(DEV) $(BUILD) sysdeps ## 界面截图 | pictures of the screens for the guides
	@$(BIN)/python tools/screenshots.py

##@ 维护 Maintain

.PHONY: sysdeps
sysdeps: ## 测试用的系统软件包 | Debian packages for the tests: asks first, installs what is missing
	@tools/sysdeps.sh

.PHONY: format
format: $(DEV) ## 自动排版 | let ruff format and fix
	@ruff check --quiet --fix . ; ruff format .

LOCK := uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --universal \
  --python-version 3.11 $(if $(UPGRADE),--upgrade)
.PHONY: lock
lock: $(RUNTIME) ## 重写锁定文件，UPGRADE=1 升级 | write the lock files again; UPGRADE=1 takes newer versions
	$(LOCK) -o requirements/uv.txt requirements/uv.in
	$(LOCK) -o requirements/runtime.txt requirements/runtime.in
	$(LOCK) -o requirements/dev.txt requirements/dev.in
	$(NPM) install --package-lock-only --ignore-scripts && node strip-lock.mjs
	rm -rf var/lock-check && mkdir -p var/lock-check && cp pwa/package.json pwa/package-lock.json pwa/.npmrc var/lock-check/
	cd var/lock-check && npm ci --silent --ignore-scripts   # a lock can lack packages that npm install does not miss
	rm -rf var/lock-check

.PHONY: compose-env
compose-env: ## 为 docker compose 生成密钥 | make .env with new secrets for docker compose; keeps an existing one
	@tools/compose-env.sh

.PHONY: clean
clean: ## 删除安装与构建产物，保留数据 | remove what was installed and built; var/ stays
	rm -rf .venv pwa/node_modules tools/lighthouse/node_modules pwa/static/build .mypy_cache .ruff_cache .pytest_cache .hypothesis test-results

.PHONY: help
help: ## 本说明 | this text
	@awk 'BEGIN { FS = ":.*## " } \
	  /^##@ / { printf "\n%s\n", substr($$0, 5) } \
	  /^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo

# ── what the targets stand on ────────────────────────────────────────────────────────────────

$(VENV): requirements/uv.txt tools/venv.sh
	@tools/venv.sh
	@touch $@

$(RUNTIME): $(VENV) requirements/runtime.txt tools/install.sh tools/suicha
	@tools/install.sh requirements/runtime.txt
	@install -m 755 tools/suicha $(BIN)/suicha
	@touch $@

$(DEV): $(RUNTIME) requirements/dev.txt
	@tools/install.sh requirements/dev.txt
	@touch $@

$(MODULES): pwa/package-lock.json | $(RUNTIME)
	@echo "· installing the field app's packages"
	@$(NPM) ci --no-audit --no-fund --loglevel=error
	@touch $@

$(LIGHTHOUSE): tools/lighthouse/package-lock.json | $(RUNTIME)
	@echo "· installing Lighthouse, for this target alone"
	@cd tools/lighthouse && npm --no-update-notifier ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

# Folders are listed as well as files, so that a removed file builds again.
BUILD_SOURCES := $(wildcard pwa/*.ts pwa/*.js pwa/*.mjs pwa/*.json pwa/*.html) \
  $(shell find pwa/app pwa/static -path pwa/static/build -prune -o -path pwa/static -o -print 2>/dev/null)
$(BUILD): $(MODULES) $(BUILD_SOURCES)
	@echo "· building the field app"
	@$(NPM) run --silent build
	@touch $@
