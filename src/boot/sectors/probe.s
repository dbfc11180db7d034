# A boot sector that finds out whether a processor really runs guests: 16-bit code, page tables, 64-bit code,
# and some memory, which is what a kernel does first. Its bytes are in probe-sector.ts; a test compares them.
        .code16
        .globl  _start
_start: cli
        xorw    %ax, %ax
        movw    %ax, %ds
        movw    %ax, %es
        movw    %ax, %ss
        movw    $0x7c00, %sp
        cld
        # Empty page tables at 0x1000, 0x2000 and 0x3000; the last maps 4 MiB onto themselves, by pages of 2 MiB.
        movw    $0x1000, %di
        movw    $0x1800, %cx
        rep stosw
        movw    $0x2003, (0x1000)
        movw    $0x3003, (0x2000)
        movw    $0x0083, (0x3000)
        movw    $0x0083, (0x3008)
        movw    $0x0020, (0x300a)
        # Address line 20, by the fast way.
        inb     $0x92, %al
        orb     $2, %al
        outb    %al, $0x92
        # PAE, the tables, long mode (EFER.LME), then protection and paging at once.
        lgdtw   gdtr
        movl    $0xa0, %eax
        movl    %eax, %cr4
        movl    $0x1000, %eax
        movl    %eax, %cr3
        movl    $0xc0000080, %ecx
        rdmsr
        orw     $0x100, %ax
        wrmsr
        movl    %cr0, %eax
        orl     $0x80000001, %eax
        movl    %eax, %cr0
        ljmpw   $8, $long
        .code64
long:   # Fill memory from 1 MiB on, copy a part of it, and look whether the copy is right.
        movl    $0x100000, %edi
        movl    $0x30000, %ecx
        movabsq $0x0123456789abcdef, %rax
        rep stosq
        movl    $0x100000, %esi
        movl    $0x180000, %edi
        movl    $0x10000, %ecx
        rep movsq
        cmpq    %rax, -8(%rdi)
        jne     stop
        # QEMU's isa-debug-exit ends it with (0x10 << 1) | 1 = 33.
        movl    $0x10, %eax
        outl    %eax, $0xf4
stop:   hlt
        jmp     stop
        .balign 8
gdt:    .quad   0
        .quad   0x00af9a000000ffff
gdtr:   .word   15
        .long   gdt
        .org    510
        .word   0xaa55
