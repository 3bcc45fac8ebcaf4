/* Room for what is worked out on the way: handed out one piece after the other, behind all that a call laid out. */

typedef struct {
    uint32_t next;
} Arena;

/* Room for `count` values of `size` bytes, not cleared. The memory grows as needed, and no call asks for more than a
   fixed number of bytes for each character, line and mark. */
static inline void *take(Arena *arena, uint32_t count, uint32_t size) {
    uint64_t first = ((uint64_t)arena->next + 15) & ~15ull, past = first + (uint64_t)count * size;
    uint64_t room = (uint64_t)__builtin_wasm_memory_size(0) << 16;
    if (past > UINT32_MAX) __builtin_trap();
    if (past > room && __builtin_wasm_memory_grow(0, (uint32_t)((past - room + 65535) >> 16)) == (size_t)-1)
        __builtin_trap();
    arena->next = (uint32_t)past;
    return (void *)(uintptr_t)first;
}

static inline void *take_cleared(Arena *arena, uint32_t count, uint32_t size) {
    void *found = take(arena, count, size);
    __builtin_memset(found, 0, count * size);
    return found;
}

#define TAKE(arena, type, count) ((type *)take(arena, count, sizeof(type)))
#define TAKE_CLEARED(arena, type, count) ((type *)take_cleared(arena, count, sizeof(type)))
