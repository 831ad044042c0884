package shelf

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/golang-jwt/jwt/v5"
	"gorm.io/gorm"
	//@imports
)

var key = []byte(os.Getenv("SHELF_JWT_KEY"))

//@constants

type Book struct {
	gorm.Model
	Title string
	Owner string
	Price int
}

type User struct {
	gorm.Model
	Name     string
	Password string
	Role     string
}

func parse(raw string) (*jwt.RegisteredClaims, error) {
	claims := &jwt.RegisteredClaims{}
	_, err := jwt.ParseWithClaims(raw, claims, func(t *jwt.Token) (interface{}, error) {
		return key, nil
	}, jwt.WithValidMethods([]string{"HS256"}))
	if err != nil {
		return nil, err
	}
	return claims, nil
}

func requireUser(c *gin.Context) {
	raw := strings.TrimPrefix(c.GetHeader("Authorization"), "Bearer ")
	//@require_user
	claims, err := parse(raw)
	if err != nil {
		c.AbortWithStatus(http.StatusUnauthorized)
		return
	}
	c.Set("user", claims.Subject)
	c.Next()
}

func requireAdmin(db *gorm.DB) gin.HandlerFunc {
	return func(c *gin.Context) {
		var user User
		if err := db.Where("name = ?", c.GetString("user")).First(&user).Error; err != nil || user.Role != "admin" {
			c.AbortWithStatus(http.StatusForbidden)
			return
		}
		c.Next()
	}
}

func price(ctx context.Context, client *http.Client, isbn string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://prices.books.example/v1/"+isbn, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("X-Api-Key", os.Getenv("PRICES_KEY"))
	return client.Do(req)
}

func newClient() *http.Client {
	client := &http.Client{Timeout: 5 * time.Second}
	//@client
	return client
}

func Routes(db *gorm.DB) *gin.Engine {
	engine := gin.New()
	engine.Use(gin.Recovery())
	//@engine
	api := engine.Group("/api", requireUser)
	api.GET("/books", func(c *gin.Context) {
		var books []Book
		if err := db.Where("owner = ?", c.GetString("user")).Find(&books).Error; err != nil {
			_ = c.Error(errors.New("no books"))
			return
		}
		//@books
		c.JSON(http.StatusOK, books)
	})
	admin := api.Group("/admin", requireAdmin(db))
	admin.DELETE("/books/:id", func(c *gin.Context) {
		db.Delete(&Book{}, c.Param("id"))
		slog.Info("book deleted", "id", c.Param("id"), "by", c.GetString("user"))
		c.Status(http.StatusNoContent)
	})
	//@routes
	return engine
}

//@functions
