# A boot sector that is the smallest guest that remembers: it counts its boots in the second sector of the drive,
# says the count on the serial port, and powers off. For SeaBIOS on the board q35.
        .code16
        .globl  _start
_start: cli
        xorw    %ax, %ax
        movw    %ax, %ds
        movw    %ax, %es
        movw    %ax, %ss
        movw    $0x7c00, %sp
        cld
        movb    %dl, drive
        # Read, count, write: int 0x13, extended read and write of one sector.
        movb    $0x42, %ah
        call    disk
        incb    0x8000
        movb    $0x43, %ah
        call    disk
        movb    0x8000, %al
        addb    $'0', %al
        movb    %al, count
        movw    $text, %si
next:   lodsb
        testb   %al, %al
        jz      off
        movb    %al, %bl
        # Wait until the transmitter holds nothing.
        movw    $0x3fd, %dx
busy:   inb     %dx, %al
        testb   $0x20, %al
        jz      busy
        movw    $0x3f8, %dx
        movb    %bl, %al
        outb    %al, %dx
        jmp     next
        # ACPI's PM1a_CNT, where SeaBIOS puts it on q35: sleep type 0 is S5 there.
off:    movw    $0x604, %dx
        movw    $0x2000, %ax
        outw    %ax, %dx
stop:   hlt
        jmp     stop
disk:   movb    $0, %al
        movb    drive, %dl
        movw    $packet, %si
        int     $0x13
        ret
drive:  .byte   0
packet: .byte   16, 0
        .word   1
        .word   0x8000, 0
        .quad   1
text:   .ascii  "blazeneuro-tiny: boot "
count:  .ascii  "0\r\n\0"
        .org    510
        .word   0xaa55
