package depot

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"log"
	"net/http"
	"os"
	"strings"
	//@imports
)

//@constants

type Server struct {
	DB     *sql.DB
	Client *http.Client
}

type Parcel struct {
	ID    int    `json:"id"`
	Owner string `json:"owner"`
	State string `json:"state"`
}

func verifySignature(body []byte, signature string) bool {
	mac := hmac.New(sha256.New, []byte(os.Getenv("WEBHOOK_SECRET")))
	mac.Write(body)
	expected := hex.EncodeToString(mac.Sum(nil))
	return hmac.Equal([]byte(expected), []byte(signature))
}

func requireUser(r *http.Request) (string, bool) {
	token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	//@require_user
	if token == "" || !checkToken(token) {
		return "", false
	}
	return strings.SplitN(token, ".", 2)[0], true
}

func checkToken(token string) bool {
	parts := strings.SplitN(token, ".", 2)
	if len(parts) != 2 {
		return false
	}
	return verifySignature([]byte(parts[0]), parts[1])
}

func newToken() (string, error) {
	raw := make([]byte, 32)
	if _, err := rand.Read(raw); err != nil {
		return "", err
	}
	return hex.EncodeToString(raw), nil
}

func (s *Server) Show(w http.ResponseWriter, r *http.Request) {
	user, ok := requireUser(r)
	if !ok {
		http.Error(w, "unauthorized", http.StatusUnauthorized)
		return
	}
	var parcel Parcel
	row := s.DB.QueryRow("SELECT id, owner, state FROM parcels WHERE id = $1 AND owner = $2", r.URL.Query().Get("id"), user)
	if err := row.Scan(&parcel.ID, &parcel.Owner, &parcel.State); err != nil {
		http.Error(w, "not found", http.StatusNotFound)
		return
	}
	//@show
	json.NewEncoder(w).Encode(parcel)
}

func (s *Server) Delete(w http.ResponseWriter, r *http.Request) {
	user, ok := requireUser(r)
	if !ok {
		http.Error(w, "unauthorized", http.StatusUnauthorized)
		return
	}
	if _, err := s.DB.Exec("DELETE FROM parcels WHERE id = $1 AND owner = $2", r.URL.Query().Get("id"), user); err != nil {
		http.Error(w, "failed", http.StatusInternalServerError)
		return
	}
	log.Printf("parcel %s deleted by %s", r.URL.Query().Get("id"), user)
	w.WriteHeader(http.StatusNoContent)
}

func (s *Server) Start() error {
	//@start
	http.HandleFunc("/parcel", s.Show)
	http.HandleFunc("/delete", s.Delete)
	//@routes
	return http.ListenAndServe("127.0.0.1:8080", nil)
}

//@functions
