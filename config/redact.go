package config

import "regexp"

// redactWithin hides the passwords of addresses within a message.
func redactWithin(message string) string {
	return regexp.MustCompile(`(://[^:/@\s"]*:)[^@\s"]*@`).ReplaceAllString(message, "${1}xxxxx@")
}
