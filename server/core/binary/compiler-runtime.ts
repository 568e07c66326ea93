/** A runtime that Zig compiles from its own sources when a link asks for it. */
export type CompilerRuntime = "compiler-rt" | "ubsan-rt";

/** Machine modes of GCC's naming: integers of 32, 64, 128 bits and of any width; floats of 16, 32, 64, 80 and 128 bits (`tf`, on PowerPC `kf`). */
const integer = "(?:si|di|ti)";
const anyInteger = "(?:si|di|ti|ei)";
const float = "(?:hf|sf|df|xf|tf|kf)";
const complex = "(?:hc|sc|dc|xc|tc|kc)";
const size = "(?:1|2|4|8|16)";
const order = "(?:relax|acq|rel|acq_rel)";
/** Functions of the C library that compiler-rt brings for targets without one; glibc, musl, the UCRT and libSystem have nearly all of them too. */
const maths = "(?:ceil|cos|exp|exp2|fabs|floor|fma|fmax|fmin|fmod|log|log10|log2|round|sin|sincos|sqrt|tan|trunc)";

// The names that lib/compiler_rt.zig and lib/compiler_rt/*.zig export in Zig 0.15 to 0.17 for the processors that wheels exist for.
const compilerRuntime = [
  `__(?:abs|neg)v${integer}2`,
  `__neg${integer}2`,
  `__(?:add|sub|mul)v${integer}3`,
  `__(?:add|sub|mul)o${integer}4`,
  `__(?:ashl|ashr|lshr|mul)${integer}3`,
  `__u?(?:div|mod)${integer}3`,
  `__u?divmod${integer}4`,
  `__u?(?:div|mod)ei[45]`,
  `__u?cmp${integer}2`,
  `__(?:clz|ctz|ffs|parity|popcount|bswap|bitreverse)${integer}2`,
  `__(?:add|sub|mul|div)${float}3`,
  `__(?:neg|cmp|eq|ne|lt|le|gt|ge|unord)${float}2`,
  `__powi${float}2`,
  `__(?:mul|div)${complex}3`,
  `__(?:extend|trunc)${float}${float}2`,
  `__gnu_(?:f2h|h2f)_ieee`,
  `__fix(?:uns)?${float}${anyInteger}`,
  `__float(?:un)?${anyInteger}${float}`,
  `__${maths}[hx]`,
  `__(?:sin|cos)l`,
  `${maths}(?:|f|l|q|f128)`,
  `mem(?:cpy|move|set|cmp)`,
  `bcmp|strlen|__memset`,
  `__(?:memcpy|memmove|memset|strcat|strcpy|strncat|strncpy)_chk`,
  `__chk_fail|__stack_chk_(?:fail|guard)`,
  `__atomic_(?:load|store|exchange|compare_exchange)(?:_${size})?`,
  `__atomic_fetch_(?:add|sub|and|or|xor|nand|umax|umin)_${size}`,
  `__aarch64_(?:cas|swp|ldadd|ldclr|ldeor|ldset)${size}_${order}`,
  `__aeabi_[df](?:add|sub|rsub|mul|div|neg|cmp(?:eq|ge|gt|le|lt|un)|2[dfh]|2u?[il]z)`,
  `__aeabi_(?:h2f|u?[il]2[df]|u?idiv|u?idivmod|u?ldivmod|lmul|lasr|llsl|llsr|read_tp)`,
  `__aeabi_mem(?:cpy|move|set|clr)[48]?`,
  `__aeabi_unwind_cpp_pr[012]`,
  `__(?:u64|i64)to[ds]|__[ds]to[iu]64|__rt_[us]div(?:64)?`,
  `__clear_cache|__emutls_get_address|__isPlatformVersionAtLeast`,
  `__cpu_model|__cpu_features2|__cpu_indicator_init|__aarch64_cpu_features|__init_cpu_features_resolver`,
  `__riscv_(?:cpu_model|feature_bits)|__init_riscv_feature_bits`,
  `__loongarch_feature_bits|__init_loongarch_features_resolver`,
  `__zig_probe_stack|_{1,3}chkstk|_{2,3}chkstk_ms|_{1,2}alloca|_fltused`,
  `_a(?:u?ll)(?:div|rem)`,
];
/** The checks of clang's undefined-behaviour sanitizer that lib/ubsan_rt.zig handles; the others (of C++ types and of functions) it lacks. */
const sanitizerChecks = [
  "add_overflow",
  "alignment_assumption",
  "builtin_unreachable",
  "divrem_overflow",
  "float_cast_overflow",
  "invalid_builtin",
  "load_invalid_value",
  "missing_return",
  "mul_overflow",
  "negate_overflow",
  "nonnull_arg",
  "nonnull_return_v1",
  "out_of_bounds",
  "pointer_overflow",
  "shift_out_of_bounds",
  "sub_overflow",
  "type_mismatch_v1",
  "vla_bound_not_positive",
];
const sanitizerPattern = new RegExp(`^__ubsan_handle_(?:${sanitizerChecks.join("|")})(?:_abort)?$`, "u");
const compilerRuntimePattern = new RegExp(`^(?:${compilerRuntime.join("|")})$`, "u");

/**
 * The runtime of Zig that defines a C name, if one does: what a link with `-fcompiler-rt` or `-fubsan-rt` resolves. The table is the union of the supported
 * versions and processors, which differ in rare names (`sqrtq` became `sqrtf128` in 0.17): after such a link, look again.
 * Names of 32-bit Windows objects must have lost their first underscore.
 */
export function compilerRuntimeOf(name: string): CompilerRuntime | undefined {
  if (sanitizerPattern.test(name)) return "ubsan-rt";
  return compilerRuntimePattern.test(name) ? "compiler-rt" : undefined;
}

/** Whether Zig's compiler-rt or ubsan-rt defines a C name. */
export function isCompilerRuntime(name: string): boolean {
  return compilerRuntimeOf(name) !== undefined;
}
