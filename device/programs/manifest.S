# Puts a program's manifest into the custom section "depin" of its module, so that one hash names both.
# Assembled with the program's own folder on the include path.
	.section .custom_section.depin,"",@
	.incbin "manifest.json"
